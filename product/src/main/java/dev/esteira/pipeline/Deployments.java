package dev.esteira.pipeline;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.pipeline.Environments.Deployment;
import dev.esteira.pipeline.Environments.Environment;
import dev.esteira.store.Ledger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What jobs do to environments, within one transaction. */
final class Deployments {
  static final String AVAILABLE = "available";
  static final String STOPPING = "stopping";
  static final String STOPPED = "stopped";
  private static final String RUNNING = "running";
  private static final int KEPT_MAX = 20;

  private final Ledger.Transaction tx;
  private final Instant now;

  Deployments(Ledger.Transaction tx, Instant now) {
    this.tx = tx;
    this.now = now;
  }

  /** A job that deploys or stops has its sandbox. */
  void began(JobRecord job, EnvironmentUse use) {
    RunRecord run = read(Kinds.RUN, job.runId(), RunRecord.class);
    Environment known = known(run.request().project(), use);
    switch (use.action()) {
      case "start" -> put(deployed(known, use, run, job));
      case "stop" -> put(with(known, STOPPING, Optional.empty(), known.deployments()));
      default -> put(known);
    }
  }

  private Environment deployed(
      Environment known, EnvironmentUse use, RunRecord run, JobRecord job) {
    List<Deployment> all = new ArrayList<>(known.deployments());
    all.removeIf(d -> d.jobId().equals(job.id()) && d.state().equals(RUNNING));
    long number = tx.next("deployments/" + known.project());
    all.addFirst(
        new Deployment(
            number,
            run.id(),
            job.id(),
            job.name(),
            run.request().commit(),
            run.request().ref(),
            RUNNING,
            now,
            use.url()));
    List<Deployment> kept = all.subList(0, Math.min(all.size(), KEPT_MAX));
    return new Environment(
        known.project(),
        known.name(),
        known.slug(),
        use.tier(),
        known.url(),
        AVAILABLE,
        use.onStop(),
        known.autoStopAt(),
        kept);
  }

  void ended(JobRecord job, EnvironmentUse use, RunEvent.Outcome outcome) {
    RunRecord run = read(Kinds.RUN, job.runId(), RunRecord.class);
    Environment known = known(run.request().project(), use);
    boolean well = outcome == RunEvent.Outcome.SUCCEEDED;
    if (use.action().equals("stop")) {
      put(with(known, well ? STOPPED : AVAILABLE, Optional.empty(), known.deployments()));
      return;
    }
    String state =
        switch (outcome) {
          case SUCCEEDED -> "success";
          case FAILED -> "failed";
          case CANCELLED -> "canceled";
        };
    UnaryOperator<Deployment> close =
        d -> d.jobId().equals(job.id()) && d.state().equals(RUNNING) ? in(d, state, use.url()) : d;
    Optional<Instant> stop =
        well
            ? use.autoStopSeconds().map(now::plusSeconds).or(known::autoStopAt)
            : known.autoStopAt();
    Optional<String> url = well && use.action().equals("start") ? use.url() : known.url();
    put(with(known, url, known.state(), stop, known.deployments().stream().map(close).toList()));
  }

  private static Deployment in(Deployment d, String state, Optional<String> url) {
    return new Deployment(
        d.number(), d.runId(), d.jobId(), d.job(), d.commit(), d.ref(), state, d.at(), url);
  }

  private static Environment with(
      Environment e, String state, Optional<Instant> autoStopAt, List<Deployment> deployments) {
    return with(e, e.url(), state, autoStopAt, deployments);
  }

  private static Environment with(
      Environment e,
      Optional<String> url,
      String state,
      Optional<Instant> autoStopAt,
      List<Deployment> deployments) {
    return new Environment(
        e.project(), e.name(), e.slug(), e.tier(), url, state, e.onStop(), autoStopAt, deployments);
  }

  private Environment known(String project, EnvironmentUse use) {
    return tx.get(Kinds.ENVIRONMENT, Kinds.environment(project, use.name()))
        .map(stored -> Json.read(stored.body(), Environment.class))
        .orElseGet(() ->
            new Environment(
                project,
                use.name(),
                use.slug(),
                use.tier(),
                Optional.empty(),
                AVAILABLE,
                Optional.empty(),
                Optional.empty(),
                List.of()));
  }

  private void put(Environment environment) {
    String key = Kinds.environment(environment.project(), environment.name());
    tx.put(Kinds.ENVIRONMENT, key, Json.write(environment));
    if (environment.autoStopAt().isPresent()) {
      tx.put(Kinds.ENVIRONMENT_TIMER, key, environment.autoStopAt().get().toString());
    } else {
      tx.delete(Kinds.ENVIRONMENT_TIMER, key);
    }
  }

  /** Starts the job that stops it, or stops it when there is none. */
  void stop(String key, Turn turn) {
    Environment known =
        tx.get(Kinds.ENVIRONMENT, key)
            .map(stored -> Json.read(stored.body(), Environment.class))
            .orElseThrow(() -> EsteiraException.notFound("there is no environment '" + key + "'"));
    if (known.state().equals(STOPPED)) {
      put(with(known, STOPPED, Optional.empty(), known.deployments()));
      return;
    }
    Optional<RunEvent> start = stopper(known).flatMap(Deployments::starting);
    put(with(known, start.isPresent() ? STOPPING : STOPPED, Optional.empty(), known.deployments()));
    if (start.isPresent()) {
      turn.run(stopper(known).orElseThrow().runId(), start.get());
    }
  }

  /** The job that stops an environment, in the run that deployed it last. */
  private Optional<JobRecord> stopper(Environment environment) {
    Optional<Deployment> last = environment.deployments().stream().findFirst();
    if (last.isEmpty() || environment.onStop().isEmpty()) {
      return Optional.empty();
    }
    RunRecord run = read(Kinds.RUN, last.get().runId(), RunRecord.class);
    return run.jobIds().stream()
        .map(id -> read(Kinds.JOB, id, JobRecord.class))
        .filter(job -> job.name().equals(environment.onStop().get()))
        .findFirst();
  }

  private static Optional<RunEvent> starting(JobRecord job) {
    return switch (job.state()) {
      case JobState.Manual _, JobState.Delayed _ -> Optional.of(new RunEvent.PlayAsked(job.node()));
      case JobState.Succeeded _, JobState.Failed _, JobState.SystemFailed _, JobState.Cancelled _ ->
          Optional.of(new RunEvent.RetryAsked(List.of(job.node())));
      case JobState.Waiting _,
          JobState.Claiming _,
          JobState.Queued _,
          JobState.Starting _,
          JobState.Running _,
          JobState.Cancelling _,
          JobState.Skipped _ ->
          Optional.empty();
    };
  }

  private <T> T read(String kind, String key, Class<T> type) {
    return Json.read(tx.get(kind, key).orElseThrow().body(), type);
  }
}
