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
    String owner = Attempt.of(assignment).owner();
    return open(parts, assignment, parts.networks().bridge(owner, false));
  }

  /** On a bridge that is there already. */
  static Networks.Bridge open(
      Parts parts, JobRunner.Assignment assignment, Networks.Bridge bridge) {
    Attempt attempt = Attempt.of(assignment);
    EngineProxy.Bind workspace =
        new EngineProxy.Bind(Workplace.of(assignment).path(), attempt.workspace(parts.home()));
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
    new SharedImages(parts, assignment).take();
    return bridge;
  }
}
