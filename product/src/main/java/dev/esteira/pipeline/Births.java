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
  private final Ledger.Transaction tx;
  private final RunLimits limits;
  private final Instant now;

  Births(Ledger.Transaction tx, RunLimits limits, Instant now) {
    this.tx = tx;
    this.limits = limits;
    this.now = now;
  }

  /** Records a run and begins it. */
  void begin(Newborn run, Optional<RunRecord.Parent> parent) {
    if (tx.list(Kinds.QUEUE, "").size() >= limits.queuedMax()) {
      throw EsteiraException.limit(
          "could not start a run, because " + limits.queuedMax() + " jobs wait already");
    }
    List<JobRecord> jobs =
        run.outcome()
            .plan()
            .map(plan -> jobs(run.id(), run.request(), plan, held(parent)))
            .orElse(List.of());
    for (int node = 0; node < jobs.size(); node++) {
      JobRecord job = jobs.get(node).withNumber(tx.next(Kinds.JOB));
      tx.put(Kinds.JOB, job.id(), Json.write(job));
      tx.put(Kinds.JOB_BY_NUMBER, Kinds.padded(job.number()), job.id());
      tx.put(Kinds.PLANNED_JOB, jobs.get(node).id(), run.jobs().get(node));
    }
    run.graph().ifPresent(graph -> tx.put(Kinds.GRAPH, run.id(), graph));
    RunRecord record = record(run, jobs, parent);
    tx.put(Kinds.RUN, run.id(), Json.write(record));
    tx.put(Kinds.RUN_BY_SERIAL, Kinds.padded(record.serial()), run.id());
    tx.put(Kinds.BY_PROJECT, Kinds.byProject(run.request().project(), record.number()), run.id());
    if (run.outcome().plan().isPresent()) {
      new Redundancy(tx, limits, now).endBefore(record);
      tx.put(Kinds.OPEN_RUN, run.id(), now.toString());
      new Turn(tx, limits, now).run(run.id(), new RunEvent.Begin());
    }
  }

  private RunRecord record(Newborn run, List<JobRecord> jobs, Optional<RunRecord.Parent> parent) {
    boolean planned = run.outcome().plan().isPresent();
    return new RunRecord(
        run.id(),
        run.request(),
        tx.next("runs/" + run.request().project()),
        tx.next(Kinds.RUN),
        now,
        planned ? Optional.empty() : Optional.of(now),
        planned
            ? new RunState.Planned(List.of())
            : new RunState.Failed(run.outcome().failure(), List.of()),
        jobs.stream().map(JobRecord::id).toList(),
        run.outcome().plan().map(Plan::notices).orElse(List.of()),
        parent,
        run.outcome().plan().map(Plan::autoCancel).orElse(AutoCancel.NEVER));
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
