package dev.esteira.pipeline;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.store.Ledger;
import dev.esteira.store.Machine.Step;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One transaction: an event goes in, the machines step until nothing inside is left to do, and what
 * is left for the hands stands in the outbox. Pure but for the transaction.
 */
final class Turn {
  private final Ledger.Transaction tx;
  private final Instant now;
  private final Lines lines;
  private final Deque<Runnable> pending = new ArrayDeque<>();
  private final Map<String, Graph> graphs = new HashMap<>();

  Turn(Ledger.Transaction tx, RunLimits limits, Instant now) {
    this.tx = tx;
    this.now = now;
    this.lines = new Lines(tx, limits, now);
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
      if (pending.isEmpty() && lines.changed()) {
        for (String jobId : lines.giveResources()) {
          pending.add(() -> stepJob(jobId, new JobEvent.ResourceGiven()));
        }
        for (String jobId : lines.giveSlots()) {
          pending.add(() -> stepJob(jobId, new JobEvent.SlotGiven()));
        }
      }
    }
  }

  private void stepJob(String jobId, JobEvent event) {
    JobRecord job = read(Kinds.JOB, jobId, JobRecord.class);
    Step<JobState, JobCommand> step = job.machine().step(job.state(), event, now);
    if (step.state().equals(job.state()) && step.commands().isEmpty()) {
      return;
    }
    tx.put(Kinds.JOB, jobId, Json.write(job.with(step.state())));
    record(job.runId(), jobId, event, step.state().getClass().getSimpleName());
    boolean began =
        step.state() instanceof JobState.Running && job.state() instanceof JobState.Starting;
    job.traits()
        .environment()
        .filter(_ -> began)
        .ifPresent(use -> new Deployments(tx, now).began(job, use));
    step.commands().forEach(command -> carryOut(job, command));
  }

  private void carryOut(JobRecord job, JobCommand command) {
    switch (command) {
      case JobCommand.Claim _ -> lines.claim(job.traits().resource().orElseThrow(), job.id());
      case JobCommand.ReleaseResource _ -> lines.release(job.traits().resource(), job.id());
      case JobCommand.Enqueue _ -> lines.enqueue(job.id());
      case JobCommand.Dequeue _ -> lines.dequeue(job.id());
      case JobCommand.ReleaseSlot _ -> lines.releaseSlot(job.id());
      case JobCommand.GiveNumber _ -> {
        JobRecord current = read(Kinds.JOB, job.id(), JobRecord.class);
        if (current.number() == 0 || current.state().attempt() > 1) {
          long number = tx.next(Kinds.JOB);
          tx.put(Kinds.JOB, job.id(), Json.write(current.withNumber(number)));
          tx.put(Kinds.JOB_BY_NUMBER, Kinds.padded(number), job.id());
        }
      }
      case JobCommand.Report c -> {
        RunEvent ended = new RunEvent.JobEnded(job.node(), c.outcome(), c.failure(), c.exitCode());
        pending.add(() -> stepRun(job.runId(), ended));
        job.traits()
            .environment()
            .filter(use -> job.state().active() || use.action().equals("stop"))
            .ifPresent(use -> new Deployments(tx, now).ended(job, use, c.outcome()));
      }
      case JobCommand.Note c -> note(job.runId(), "job " + job.name() + ": " + c.text());
      case JobCommand.Hand c -> {
        String key = Kinds.padded(tx.next(Kinds.OUTBOX));
        tx.put(Kinds.OUTBOX, key, Json.write(new Errand(key, job.id(), c.action(), c.attempt())));
      }
    }
  }

  void note(String runId, String text) {
    RunRecord run = read(Kinds.RUN, runId, RunRecord.class);
    tx.put(Kinds.RUN, run.id(), Json.write(run.with(new Plan.Notice("", 0, text))));
  }

  private void stepRun(String runId, RunEvent event) {
    RunRecord run = read(Kinds.RUN, runId, RunRecord.class);
    Graph graph = graph(runId);
    RunState known = known(run, graph);
    Step<RunState, RunCommand> step = new RunMachine(graph).step(known, event, now);
    if (step.state().equals(known) && step.commands().isEmpty()) {
      return;
    }
    boolean worked = known.marks().contains(Mark.OPEN);
    tx.put(Kinds.RUN, runId, Json.write(run.with(step.state(), now)));
    record(runId, runId, event, step.state().getClass().getSimpleName());
    if (step.state().ended()) {
      tx.delete(Kinds.OPEN_RUN, runId);
      run.parent().ifPresent(parent -> tell(parent, run, step.state()));
    } else if (known.ended() || (!worked && step.state().marks().contains(Mark.OPEN))) {
      // The time limit of a run counts while it works, not while it waits for a person.
      tx.put(Kinds.OPEN_RUN, runId, now.toString());
    }
    step.commands().forEach(command -> carryOut(run, command));
  }

  /** The job that triggered a run may end as it ends. */
  private void tell(RunRecord.Parent parent, RunRecord run, RunState end) {
    if (!parent.depends()) {
      return;
    }
    String failure =
        switch (end) {
          case RunState.Failed f -> f.failure();
          case RunState.Cancelled _ -> "was cancelled";
          case RunState.Planned _, RunState.Active _, RunState.Succeeded _, RunState.Skipped _ ->
              "";
        };
    String text =
        failure.isEmpty()
            ? ""
            : "run %d of %s: %s".formatted(run.number(), run.request().project(), failure);
    pending.add(() -> stepJob(parent.jobId(), new JobEvent.Ended(parent.attempt(), text)));
  }

  private Graph graph(String runId) {
    return graphs.computeIfAbsent(
        runId,
        id ->
            find(Kinds.GRAPH, id, Graph.class)
                .or(() -> find(Kinds.PLAN, id, Plan.class).map(Graph::of))
                .orElseGet(() -> new Graph(List.of(), false)));
  }

  /** A run of the first version did not know its jobs by their marks. */
  private RunState known(RunRecord run, Graph graph) {
    if (run.state().marks().size() == graph.size() || run.state() instanceof RunState.Planned) {
      return run.state();
    }
    List<Mark> marks =
        run.jobIds().stream()
            .map(id -> RunViews.mark(read(Kinds.JOB, id, JobRecord.class).state()))
            .toList();
    return run.state().with(marks);
  }

  private void carryOut(RunRecord run, RunCommand command) {
    String jobId = run.jobIds().get(command.node());
    JobEvent event =
        switch (command) {
          case RunCommand.Admit _ -> new JobEvent.Admit();
          case RunCommand.Hold _ -> new JobEvent.Hold();
          case RunCommand.Delay c -> {
            tx.put(Kinds.TIMER, jobId, c.until().toString());
            yield new JobEvent.Delay(c.until());
          }
          case RunCommand.Skip _ -> new JobEvent.Skip();
          case RunCommand.Reset _ -> new JobEvent.Reset();
          case RunCommand.Again _ -> new JobEvent.Again();
          case RunCommand.Cancel _ -> new JobEvent.CancelAsked();
        };
    pending.add(() -> stepJob(jobId, event));
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
    return find(kind, key, type)
        .orElseThrow(() -> EsteiraException.notFound("there is no " + kind + " '" + key + "'"));
  }

  private <T> Optional<T> find(String kind, String key, Class<T> type) {
    return tx.get(kind, key).map(stored -> Json.read(stored.body(), type));
  }
}
