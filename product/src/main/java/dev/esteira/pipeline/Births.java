package dev.esteira.pipeline;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.store.Ledger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Records new runs, with their jobs and plan, within one transaction. */
final class Births {
  private static final int JOBS_PER_RUN_MAX = 500;

  private final Ledger.Transaction tx;
  private final RunLimits limits;
  private final Instant now;

  Births(Ledger.Transaction tx, RunLimits limits, Instant now) {
    this.tx = tx;
    this.limits = limits;
    this.now = now;
  }

  /** Records a run and begins it. */
  void begin(
      String id, Runs.Request request, RunBook.Outcome outcome, Optional<RunRecord.Parent> parent) {
    if (tx.list(Kinds.QUEUE, "").size() >= limits.queuedMax()) {
      throw EsteiraException.limit(
          "could not start a run, because " + limits.queuedMax() + " jobs wait already");
    }
    long number = tx.next("runs/" + request.project());
    long serial = tx.next(Kinds.RUN);
    List<JobRecord> jobs =
        outcome.plan().map(plan -> jobs(id, request, plan, held(parent))).orElse(List.of());
    jobs.forEach(job -> tx.put(Kinds.JOB, job.id(), Json.write(job)));
    outcome.plan().ifPresent(plan -> tx.put(Kinds.PLAN, id, Json.write(plan)));
    boolean planned = outcome.plan().isPresent();
    RunRecord run =
        new RunRecord(
            id,
            request,
            number,
            serial,
            now,
            planned ? Optional.empty() : Optional.of(now),
            planned
                ? new RunState.Planned(List.of())
                : new RunState.Failed(outcome.failure(), List.of()),
            jobs.stream().map(JobRecord::id).toList(),
            outcome.plan().map(Plan::notices).orElse(List.of()),
            parent);
    tx.put(Kinds.RUN, id, Json.write(run));
    tx.put(Kinds.BY_PROJECT, Kinds.byProject(request.project(), number), id);
    if (planned) {
      cancelRedundant(run);
      tx.put(Kinds.OPEN_RUN, id, now.toString());
      new Turn(tx, limits, now).run(id, new RunEvent.Begin());
    }
  }

  /**
   * A push makes earlier runs of the same ref redundant: those that say that they may be cut off,
   * and whose jobs that have begun all do.
   */
  private void cancelRedundant(RunRecord run) {
    if (!run.request().source().equals("push")) {
      return;
    }
    for (Ledger.Stored open : tx.list(Kinds.OPEN_RUN, "")) {
      RunRecord other = read(Kinds.RUN, open.key(), RunRecord.class);
      boolean same =
          other.request().project().equals(run.request().project())
              && other.request().ref().equals(run.request().ref())
              && other.request().source().equals("push");
      if (same && interruptible(other)) {
        Turn turn = new Turn(tx, limits, now);
        turn.note(other.id(), "cancelled, because run " + run.number() + " of the same ref began");
        turn.run(other.id(), new RunEvent.CancelAsked());
      }
    }
  }

  private boolean interruptible(RunRecord run) {
    boolean any = false;
    for (String jobId : run.jobIds()) {
      JobRecord job = read(Kinds.JOB, jobId, JobRecord.class);
      boolean begun =
          !(job.state() instanceof JobState.Pending || job.state() instanceof JobState.Skipped);
      if (begun && !job.traits().interruptible()) {
        return false;
      }
      any |= job.traits().interruptible();
    }
    return any;
  }

  private static List<JobRecord> jobs(
      String runId, Runs.Request request, Plan plan, Set<String> held) {
    List<JobRecord> jobs = new ArrayList<>();
    for (int s = 0; s < plan.stages().size(); s++) {
      Plan.Stage stage = plan.stages().get(s);
      for (int j = 0; j < stage.jobs().size(); j++) {
        Plan.Job job = stage.jobs().get(j);
        jobs.add(
            new JobRecord(
                runId + "-" + (jobs.size() + 1),
                runId,
                s,
                stage.name(),
                j,
                job.name(),
                job.timeoutSeconds(),
                0,
                traits(runId, request, job, held),
                java.util.Map.of(),
                Optional.empty(),
                new JobState.Waiting(0)));
      }
    }
    if (jobs.size() > JOBS_PER_RUN_MAX) {
      throw EsteiraException.invalid(
          plan.file() + ":1: " + jobs.size() + " jobs, but a run has at most " + JOBS_PER_RUN_MAX);
    }
    return jobs;
  }

  /** The resource groups of the jobs that wait for this run. */
  private Set<String> held(Optional<RunRecord.Parent> parent) {
    Set<String> held = new HashSet<>();
    Optional<RunRecord.Parent> above = parent;
    while (above.isPresent()) {
      JobRecord job = read(Kinds.JOB, above.get().jobId(), JobRecord.class);
      if (above.get().depends()) {
        job.traits().resource().ifPresent(held::add);
      }
      above = read(Kinds.RUN, job.runId(), RunRecord.class).parent();
    }
    return held;
  }

  private <T> T read(String kind, String key, Class<T> type) {
    return Json.read(tx.get(kind, key).orElseThrow().body(), type);
  }

  private static JobRecord.Traits traits(
      String runId, Runs.Request request, Plan.Job job, Set<String> held) {
    Flow flow = job.flow();
    return new JobRecord.Traits(
        flow.retry(),
        flow.resourceGroup()
            .map(group -> Kinds.resource(request.project(), Words.of(request, job).expand(group)))
            // A job that waits for this run has the group already: inside, it is a group anew.
            .map(key -> held.contains(key) ? key + " in " + runId : key),
        flow.trigger().isPresent(),
        flow.allowFailure().always(),
        flow.needs().map(needs -> needs.stream().map(Flow.Need::job).toList()),
        flow.interruptible(),
        flow.environment().map(wanted -> EnvironmentUse.of(request, job, wanted)));
  }
}
