package dev.esteira.pipeline;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.store.Ledger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
    List<JobRecord> jobs = outcome.plan().map(plan -> jobs(id, request, plan)).orElse(List.of());
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
      tx.put(Kinds.OPEN_RUN, id, now.toString());
      new Turn(tx, limits, now).run(id, new RunEvent.Begin());
    }
  }

  private static List<JobRecord> jobs(String runId, Runs.Request request, Plan plan) {
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
                traits(request, job),
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

  private static JobRecord.Traits traits(Runs.Request request, Plan.Job job) {
    Flow flow = job.flow();
    return new JobRecord.Traits(
        flow.retry(),
        flow.resourceGroup()
            .map(group -> Kinds.resource(request.project(), Words.of(request, job).expand(group))),
        flow.trigger().isPresent(),
        flow.allowFailure().always(),
        flow.needs().map(needs -> needs.stream().map(Flow.Need::job).toList()));
  }
}
