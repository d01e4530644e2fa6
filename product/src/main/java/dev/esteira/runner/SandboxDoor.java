package dev.esteira.runner;

import dev.esteira.net.Networks;
import dev.esteira.pipeline.JobRunner;
import dev.esteira.proxy.EngineProxy;
import java.util.List;
import java.util.Optional;

/** The bridge of a sandbox and the Docker API on it; made for a new one, opened for an adopted. */
final class SandboxDoor {
  private SandboxDoor() {}

  static Networks.Bridge open(Parts parts, JobRunner.Assignment assignment) {
    Attempt attempt = Attempt.of(assignment);
    Networks.Bridge bridge = parts.networks().bridge(attempt.owner(), false);
    EngineProxy.Bind workspace =
        new EngineProxy.Bind(
            Attempt.inside(assignment.run().project()), attempt.workspace(parts.home()));
    parts
        .proxy()
        .open(
            new EngineProxy.Owner(
                attempt.owner(),
                attempt.door(parts.home()),
                bridge.network(),
                List.of(workspace),
                parts.networks().houseAddress(),
                Optional.empty()));
    return bridge;
  }
}
