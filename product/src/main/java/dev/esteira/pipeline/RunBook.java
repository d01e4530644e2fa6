package dev.esteira.pipeline;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Ids;
import dev.esteira.base.Json;
import dev.esteira.store.Ledger;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The runs as the ledger keeps them: every event, the states it leads to and the errands that
 * follow are one transaction. Holds nothing in memory. Thread-safe.
 */
final class RunBook {
  private static final int RUN_ID_LENGTH = 10;

  private final Ledger ledger;
  private final RunLimits limits;
  private final InstantSource clock;
  private final Supplier<String> ids;

  /** What planning found: a plan, or why there is none. */
  record Outcome(Optional<Plan> plan, String failure) {}

  RunBook(Ledger ledger, RunLimits limits, InstantSource clock) {
    this(ledger, limits, clock, () -> Ids.random(RUN_ID_LENGTH));
  }

  /** With a source of run ids, for histories that can be played again. */
  RunBook(Ledger ledger, RunLimits limits, InstantSource clock, Supplier<String> ids) {
    this.ledger = ledger;
    this.limits = limits;
    this.clock = clock;
    this.ids = ids;
  }

  /** Records a new run and begins it; returns its id. */
  String begin(Runs.Request request, Outcome outcome) {
    return begin(request, outcome, (_, _) -> {});
  }

  /** The same, with more to record in the same transaction. */
  String begin(Runs.Request request, Outcome outcome, BiConsumer<Ledger.Transaction, String> more) {
    String id = ids.get();
    Newborn run = Newborn.of(id, request, outcome);
    Instant now = clock.instant();
    ledger.write(tx -> {
      new Births(tx, limits, now).begin(run, Optional.empty());
      more.accept(tx, id);
      return id;
    });
    return id;
  }

  /**
   * Records the run that a job triggers, and begins it; the job goes on, or ends when it does not
   * depend on that run. Does nothing when that attempt no longer waits for it.
   */
  void trigger(String jobId, int attempt, Runs.Request request, Plan plan, boolean depends) {
    String id = ids.get();
    Newborn child = Newborn.of(id, request, new Outcome(Optional.of(plan), ""));
    Instant now = clock.instant();
    ledger.write(tx -> {
      JobRecord job = Json.read(tx.get(Kinds.JOB, jobId).orElseThrow().body(), JobRecord.class);
      boolean waits = job.state() instanceof JobState.Starting s && s.attempt() == attempt;
      if (!waits) {
        return false;
      }
      Descent.check(tx, job.runId(), request);
      tx.put(Kinds.JOB, jobId, Json.write(job.withChild(id)));
      RunRecord.Parent parent = new RunRecord.Parent(job.runId(), jobId, attempt, depends);
      Turn turn = new Turn(tx, limits, now);
      turn.job(jobId, new JobEvent.Started(attempt));
      new Births(tx, limits, now).begin(child, Optional.of(parent));
      turn.note(
          job.runId(),
          "job %s triggered run %s of %s".formatted(job.name(), id, request.project()));
      if (!depends) {
        turn.job(jobId, new JobEvent.Ended(attempt, ""));
      }
      return true;
    });
  }

  /** Asks for the end of the run that this attempt triggered; without one, ends the attempt. */
  void cancelTriggered(String jobId, int attempt) {
    Instant now = clock.instant();
    ledger.write(tx -> {
      JobRecord job = Json.read(tx.get(Kinds.JOB, jobId).orElseThrow().body(), JobRecord.class);
      Optional<RunRecord> child =
          job.child()
              .flatMap(id -> tx.get(Kinds.RUN, id))
              .map(stored -> Json.read(stored.body(), RunRecord.class))
              .filter(run -> run.parent().map(p -> p.attempt() == attempt).orElse(false));
      Turn turn = new Turn(tx, limits, now);
      if (child.isPresent() && !child.get().state().ended()) {
        turn.run(child.get().id(), new RunEvent.CancelAsked());
      } else {
        turn.job(jobId, new JobEvent.Ended(attempt, "cancelled"));
      }
      return 0;
    });
  }

  /** The runner, who knows all variables, tells where a job deploys to. */
  void environment(String jobId, int attempt, String name, Optional<String> url) {
    ledger.write(tx -> {
      JobRecord job = Json.read(tx.get(Kinds.JOB, jobId).orElseThrow().body(), JobRecord.class);
      if (job.state().active() && job.state().attempt() == attempt) {
        job.traits()
            .environment()
            .map(use -> job.with(job.traits().with(use.with(name, url))))
            .ifPresent(known -> tx.put(Kinds.JOB, jobId, Json.write(known)));
      }
      return 0;
    });
  }

  void job(String jobId, JobEvent event) {
    turn(turn -> turn.job(jobId, event));
  }

  void run(String runId, RunEvent event) {
    turn(turn -> turn.run(runId, event));
  }

  private void turn(Consumer<Turn> work) {
    Instant now = clock.instant();
    ledger.write(tx -> {
      work.accept(new Turn(tx, limits, now));
      return 0;
    });
  }

  void play(String jobId, Map<String, String> variables) {
    Instant now = clock.instant();
    ledger.write(tx -> {
      JobRecord job = Json.read(tx.get(Kinds.JOB, jobId).orElseThrow().body(), JobRecord.class);
      if (!variables.isEmpty()) {
        tx.put(Kinds.JOB, jobId, Json.write(job.with(variables)));
      }
      new Turn(tx, limits, now).run(job.runId(), new RunEvent.PlayAsked(job.node()));
      return 0;
    });
  }

  /** Ends what has lasted too long, and starts what has waited long enough. */
  void tick() {
    Instant now = clock.instant();
    for (Ledger.Stored slot : ledger.list(Kinds.SLOT, "")) {
      JobRecord job = jobRecord(slot.key());
      long seconds = job.timeoutSeconds();
      if (Instant.parse(slot.body()).plusSeconds(seconds).isBefore(now)) {
        job(job.id(), new JobEvent.TimeLimit(job.timeoutSeconds()));
      }
    }
    for (Ledger.Stored timer : ledger.list(Kinds.TIMER, "")) {
      if (!Instant.parse(timer.body()).isAfter(now)) {
        wake(timer, now);
      }
    }
    for (Ledger.Stored open : ledger.list(Kinds.OPEN_RUN, "")) {
      if (Instant.parse(open.body()).plusSeconds(limits.runSeconds()).isBefore(now)) {
        late(open, now);
      }
    }
  }

  /** The time limit is for work, not for waiting for a person or for another run. */
  private void late(Ledger.Stored open, Instant now) {
    boolean works =
        runRecord(open.key()).orElseThrow().jobIds().stream()
            .map(this::jobRecord)
            .anyMatch(j -> RunViews.mark(j.state()) == Mark.OPEN && !j.traits().trigger());
    if (works) {
      run(open.key(), new RunEvent.TimeLimit(limits.runSeconds()));
      return;
    }
    ledger.write(tx -> {
      if (tx.get(Kinds.OPEN_RUN, open.key()).equals(Optional.of(open))) {
        tx.put(Kinds.OPEN_RUN, open.key(), now.toString());
      }
      return 0;
    });
  }

  private void wake(Ledger.Stored timer, Instant now) {
    ledger.write(tx -> {
      if (tx.get(Kinds.TIMER, timer.key()).equals(Optional.of(timer))) {
        tx.delete(Kinds.TIMER, timer.key());
        JobRecord job =
            Json.read(tx.get(Kinds.JOB, timer.key()).orElseThrow().body(), JobRecord.class);
        new Turn(tx, limits, now).run(job.runId(), new RunEvent.DelayOver(job.node()));
      }
      return 0;
    });
  }

  /** Errands not done yet, in order. */
  List<Errand> errands() {
    return ledger.list(Kinds.OUTBOX, "").stream()
        .map(stored -> Json.read(stored.body(), Errand.class))
        .toList();
  }

  /** A schedule's errand came to nothing. */
  void done(Errand errand, String failure) {
    ledger.write(tx -> {
      ScheduleBook.done(tx, errand, Optional.empty(), Optional.of(failure));
      return 0;
    });
  }

  void done(Errand errand) {
    ledger.write(tx -> tx.delete(Kinds.OUTBOX, errand.key()));
  }

  /** Jobs that have a slot, and so a sandbox or soon one. */
  List<JobRecord> active() {
    return ledger.list(Kinds.SLOT, "").stream().map(slot -> jobRecord(slot.key())).toList();
  }

  /** Whether that attempt is the present one and has not ended: a late start must not revive it. */
  boolean awaits(String jobId, int attempt) {
    JobState state = jobRecord(jobId).state();
    return state.active() && state.attempt() == attempt;
  }

  JobRunner.Assignment assignment(String jobId, int attempt) {
    JobRecord job = jobRecord(jobId);
    RunRecord run = runRecord(job.runId()).orElseThrow();
    Plan.Job planned =
        read(Kinds.PLANNED_JOB, jobId, Plan.Job.class)
            .or(() ->
                read(Kinds.PLAN, run.id(), Plan.class)
                    .map(plan -> plan.stages().get(job.stage()).jobs().get(job.index())))
            .orElseThrow();
    return new JobRunner.Assignment(
        jobId,
        attempt,
        run.request().with(job.variables()),
        run.number(),
        run.id(),
        planned,
        new JobRunner.Place(
            job.number(),
            run.serial(),
            run.createdAt(),
            job.stageName(),
            inputs(run, planned, job)));
  }

  /** The jobs whose artifacts a job gets: named ones, those that it needs, or all before it. */
  private List<JobRunner.Input> inputs(RunRecord run, Plan.Job planned, JobRecord job) {
    Optional<List<String>> named =
        planned
            .flow()
            .inputsFrom()
            .or(() ->
                planned
                    .flow()
                    .needs()
                    .map(needs ->
                        needs.stream().filter(Flow.Need::artifacts).map(Flow.Need::job).toList()));
    return run.jobIds().stream()
        .map(this::jobRecord)
        .filter(j -> named.map(n -> n.contains(j.name())).orElse(j.stage() < job.stage()))
        .filter(j -> j.state().ended() && !(j.state() instanceof JobState.Skipped))
        .map(j -> new JobRunner.Input(j.id(), j.state().attempt(), j.name()))
        .toList();
  }

  JobRecord jobRecord(String jobId) {
    return read(Kinds.JOB, jobId, JobRecord.class)
        .orElseThrow(() -> EsteiraException.notFound("there is no job '" + jobId + "'"));
  }

  /** A job of a run, by its name or id. */
  Optional<JobRecord> jobNamed(String runId, String name) {
    return runRecord(runId).stream()
        .flatMap(run -> run.jobIds().stream())
        .map(this::jobRecord)
        .filter(job -> job.name().equals(name) || job.id().equals(name))
        .findFirst();
  }

  Optional<RunRecord> runRecord(String id) {
    return read(Kinds.RUN, id, RunRecord.class);
  }

  Optional<Runs.Run> view(String id) {
    return runRecord(id)
        .map(run ->
            RunViews.view(
                run,
                run.jobIds().stream().map(this::jobRecord).toList(),
                ledger.list(Kinds.SLOT, "").size(),
                limits.jobsAtOnceMax()));
  }

  /** What has this number, by one of the kinds that know numbers. */
  Optional<String> idOf(String kind, long number) {
    return ledger.get(kind, Kinds.padded(number)).map(Ledger.Stored::body);
  }

  /** The latest that is no child of another run of the project. */
  Optional<String> latest(String project) {
    return ledger.list(Kinds.BY_PROJECT, project + " ").stream()
        .map(Ledger.Stored::body)
        .filter(id ->
            runRecord(id)
                .map(run -> !run.request().source().equals("parent_pipeline"))
                .orElse(false))
        .findFirst();
  }

  /** Latest first. */
  List<Runs.Run> views(String project, int limit) {
    return ledger.list(Kinds.BY_PROJECT, project + " ").stream()
        .limit(limit)
        .flatMap(stored -> view(stored.body()).stream())
        .toList();
  }

  private <T> Optional<T> read(String kind, String key, Class<T> type) {
    return ledger.get(kind, key).map(stored -> Json.read(stored.body(), type));
  }
}
