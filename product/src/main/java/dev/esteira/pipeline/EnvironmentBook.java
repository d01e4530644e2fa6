package dev.esteira.pipeline;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.store.Ledger;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** The environments as the ledger keeps them. */
final class EnvironmentBook implements Environments {
  private final Ledger ledger;
  private final RunLimits limits;
  private final InstantSource clock;

  EnvironmentBook(Ledger ledger, RunLimits limits, InstantSource clock) {
    this.ledger = ledger;
    this.limits = limits;
    this.clock = clock;
  }

  @Override
  public List<Environment> list(String project) {
    return ledger.list(Kinds.ENVIRONMENT, project + " ").stream()
        .map(stored -> Json.read(stored.body(), Environment.class))
        .toList();
  }

  @Override
  public Environment stop(String project, String name) {
    String key = Kinds.environment(project, name);
    if (ledger.get(Kinds.ENVIRONMENT, key).isEmpty()) {
      throw EsteiraException.notFound(
          "there is no environment '" + name + "' in project '" + project + "'");
    }
    stop(key);
    return list(project).stream().filter(e -> e.name().equals(name)).findFirst().orElseThrow();
  }

  @Override
  public void refDeleted(String project, String ref) {
    for (Environment environment : list(project)) {
      boolean last =
          environment.deployments().stream()
              .findFirst()
              .map(d -> d.ref().equals(ref))
              .orElse(false);
      if (last && environment.state().equals(Deployments.AVAILABLE)) {
        stop(Kinds.environment(project, environment.name()));
      }
    }
  }

  private void stop(String key) {
    Instant now = clock.instant();
    ledger.write(tx -> {
      new Deployments(tx, now).stop(key, new Turn(tx, limits, now));
      return 0;
    });
  }

  /** Stops those whose time has come. */
  void tick() {
    Instant now = clock.instant();
    for (Ledger.Stored timer : ledger.list(Kinds.ENVIRONMENT_TIMER, "")) {
      if (!Instant.parse(timer.body()).isAfter(now)) {
        stop(timer.key());
      }
    }
  }
}
