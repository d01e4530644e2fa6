package dev.esteira.pipeline;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.store.Ledger;
import dev.esteira.store.Machine.Step;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * One transaction: an event goes in, the machines step until nothing inside is left to do, and what
 * is left for the hands stands in the outbox. Pure but for the transaction.
 */
final class Turn {
  private static final JobMachine JOBS = new JobMachine();
  private static final RunMachine RUNS = new RunMachine();

  private final Ledger.Transaction tx;
  private final RunLimits limits;
  private final Instant now;
  private final Deque<Runnable> pending = new ArrayDeque<>();
  private boolean slotsChanged;

  Turn(Ledger.Transaction tx, RunLimits limits, Instant now) {
    this.tx = tx;
    this.limits = limits;
    this.now = now;
  }

  void job(String jobId, JobEvent event) {
    pending.add(() -> stepJob(jobId, event));
    drain();
  }

  void run(String runId, RunEvent event) {
    pending.add(() -> stepRun(runId, event));
    drain();
  }

  private void drain() {
    while (!pending.isEmpty()) {
      pending.poll().run();
      if (pending.isEmpty() && slotsChanged) {
        slotsChanged = false;
        fillSlots();
      }
    }
  }

  private void stepJob(String jobId, JobEvent event) {
    JobRecord job = read(Kinds.JOB, jobId, JobRecord.class);
    Step<JobState, JobCommand> step = JOBS.step(job.state(), event, now);
    if (step.state().equals(job.state()) && step.commands().isEmpty()) {
      return;
    }
    tx.put(Kinds.JOB, jobId, Json.write(job.with(step.state())));
    record(job.runId(), jobId, event, step.state().getClass().getSimpleName());
    step.commands().forEach(command -> carryOut(job, command));
  }

  private void carryOut(JobRecord job, JobCommand command) {
    switch (command) {
      case JobCommand.Enqueue _ -> {
        tx.put(Kinds.QUEUE, Kinds.padded(tx.next(Kinds.QUEUE)), job.id());
        slotsChanged = true;
      }
      case JobCommand.Dequeue _ ->
          tx.list(Kinds.QUEUE, "").stream()
              .filter(entry -> entry.body().equals(job.id()))
              .forEach(entry -> tx.delete(Kinds.QUEUE, entry.key()));
      case JobCommand.ReleaseSlot _ -> {
        tx.delete(Kinds.SLOT, job.id());
        slotsChanged = true;
      }
      case JobCommand.Report c -> {
        RunEvent ended = new RunEvent.JobEnded(job.name(), c.outcome(), c.failure());
        pending.add(() -> stepRun(job.runId(), ended));
      }
      case JobCommand.Note c -> note(job, c.text());
      case JobCommand.Hand c -> {
        String key = Kinds.padded(tx.next(Kinds.OUTBOX));
        tx.put(Kinds.OUTBOX, key, Json.write(new Errand(key, job.id(), c.action(), c.attempt())));
      }
    }
  }

  private void note(JobRecord job, String text) {
    RunRecord run = read(Kinds.RUN, job.runId(), RunRecord.class);
    Plan.Notice notice = new Plan.Notice("", 0, "job " + job.name() + ": " + text);
    tx.put(Kinds.RUN, run.id(), Json.write(run.with(notice)));
  }

  private void stepRun(String runId, RunEvent event) {
    RunRecord run = read(Kinds.RUN, runId, RunRecord.class);
    Step<RunState, RunCommand> step = RUNS.step(run.state(), event, now);
    if (step.state().equals(run.state()) && step.commands().isEmpty()) {
      return;
    }
    tx.put(Kinds.RUN, runId, Json.write(run.with(step.state(), now)));
    record(runId, runId, event, step.state().getClass().getSimpleName());
    if (step.state().ended()) {
      tx.delete(Kinds.OPEN_RUN, runId);
    }
    step.commands().forEach(command -> carryOut(run, command));
  }

  private void carryOut(RunRecord run, RunCommand command) {
    for (JobRecord job : jobs(run)) {
      switch (command) {
        case RunCommand.AdmitStage c when job.stage() == c.stage() ->
            pending.add(() -> stepJob(job.id(), new JobEvent.Admit()));
        case RunCommand.CancelStage c when job.stage() == c.stage() ->
            pending.add(() -> stepJob(job.id(), new JobEvent.CancelAsked()));
        case RunCommand.SkipFrom c when job.stage() >= c.stage() ->
            pending.add(() -> stepJob(job.id(), new JobEvent.Skip()));
        case RunCommand.AdmitStage _, RunCommand.CancelStage _, RunCommand.SkipFrom _ -> {}
      }
    }
  }

  /** First come, first served. */
  private void fillSlots() {
    int free = limits.jobsAtOnceMax() - tx.list(Kinds.SLOT, "").size();
    if (free <= 0) {
      return;
    }
    for (Ledger.Stored waiting : tx.list(Kinds.QUEUE, "").stream().limit(free).toList()) {
      String jobId = waiting.body();
      tx.delete(Kinds.QUEUE, waiting.key());
      tx.put(Kinds.SLOT, jobId, now.toString());
      pending.add(() -> stepJob(jobId, new JobEvent.SlotGiven()));
    }
  }

  private List<JobRecord> jobs(RunRecord run) {
    List<JobRecord> jobs = new ArrayList<>();
    run.jobIds().forEach(id -> jobs.add(read(Kinds.JOB, id, JobRecord.class)));
    return jobs;
  }

  private void record(String runId, String on, Object event, String became) {
    tx.append(
        "run/" + runId,
        Json.object()
            .put("at", now.toString())
            .put("on", on)
            .put("event", event.getClass().getSimpleName())
            .put("became", became)
            .toString());
  }

  private <T> T read(String kind, String key, Class<T> type) {
    Ledger.Stored stored =
        tx.get(kind, key)
            .orElseThrow(() -> EsteiraException.notFound("there is no " + kind + " '" + key + "'"));
    return Json.read(stored.body(), type);
  }
}
