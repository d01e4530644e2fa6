package dev.esteira.pipeline;

import dev.esteira.store.Machine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A run: each job starts once the jobs that it waits for have ended as its {@code when} asks.
 *
 * <pre>
 *  Planned --begin--> Active --nothing goes on, nobody is waited for--> Succeeded, Failed,
 *                     |  ^ ^                                            Cancelled or Skipped
 *   a person, the time|  | '--a job ended, was played, its time came        |
 *   limit or a failure v |                                                  |
 *             Active(stopping)          Active <--a job is played or tried again
 *
 *  each job:  CREATED --> OPEN --> SUCCEEDED, WARNED (may fail), FAILED, CANCELLED --again--> OPEN
 *                |  |'--> MANUAL --play--> OPEN
 *                |  '---> DELAYED --play or its time--> OPEN
 *                '--> SKIPPED --what it waits for goes on again--> CREATED
 * </pre>
 */
final class RunMachine implements Machine<RunState, RunEvent, RunCommand> {
  private final Graph graph;

  RunMachine(Graph graph) {
    this.graph = graph;
  }

  @Override
  public Step<RunState, RunCommand> step(RunState state, RunEvent event, Instant now) {
    return switch (state) {
      case RunState.Planned _ ->
          event instanceof RunEvent.Begin
              ? work(List.of(), false, created(), now).settled()
              : new Step<>(state, List.of());
      case RunState.Active s -> {
        Work work = work(s.failures(), s.stopping(), s.marks(), now);
        work.apply(event);
        yield work.settled();
      }
      case RunState.Failed s -> revive(s, failures(s), event, now);
      case RunState.Succeeded _, RunState.Cancelled _, RunState.Skipped _ ->
          revive(state, List.of(), event, now);
    };
  }

  private List<Mark> created() {
    return IntStream.range(0, graph.size()).mapToObj(_ -> Mark.CREATED).toList();
  }

  /** Why a failed run failed, when it goes on for another reason. */
  private List<RunState.Failure> failures(RunState.Failed state) {
    int node = state.marks().indexOf(Mark.FAILED);
    return List.of(new RunState.Failure(node, state.failure()));
  }

  private Step<RunState, RunCommand> revive(
      RunState state, List<RunState.Failure> failures, RunEvent event, Instant now) {
    boolean asked = event instanceof RunEvent.PlayAsked || event instanceof RunEvent.RetryAsked;
    if (!asked) {
      return new Step<>(state, List.of());
    }
    Work work = work(failures, false, state.marks(), now);
    work.apply(event);
    return work.commands.isEmpty() ? new Step<>(state, List.of()) : work.settled();
  }

  private Work work(
      List<RunState.Failure> failures, boolean stopping, List<Mark> marks, Instant now) {
    return new Work(failures, stopping, marks, now);
  }

  /** One step in the making. */
  private final class Work {
    private final List<Mark> marks;
    private final List<RunState.Failure> failures;
    private final List<RunCommand> commands = new ArrayList<>();
    private final Map<Integer, Mark.Sum> sums = new HashMap<>();
    private final Instant now;
    private boolean stopping;

    Work(List<RunState.Failure> failures, boolean stopping, List<Mark> marks, Instant now) {
      this.failures = new ArrayList<>(failures);
      this.marks = new ArrayList<>(marks);
      this.stopping = stopping;
      this.now = now;
    }

    void apply(RunEvent event) {
      switch (event) {
        case RunEvent.Begin _ -> {}
        case RunEvent.JobEnded e -> ended(e);
        case RunEvent.PlayAsked e -> play(e.node());
        case RunEvent.DelayOver e -> {
          if (marks.get(e.node()) == Mark.DELAYED) {
            play(e.node());
          }
        }
        case RunEvent.RetryAsked e -> retry(e.nodes());
        case RunEvent.JobCancelAsked e -> cancel(e.node(), Mark.CANCELLED);
        case RunEvent.CancelAsked _ -> stop();
        case RunEvent.TimeLimit e -> {
          if (!stopping && marks.contains(Mark.OPEN)) {
            failures.add(
                new RunState.Failure(-1, "the run did not end within " + e.seconds() + " s"));
            stop();
          }
        }
      }
    }

    private void ended(RunEvent.JobEnded e) {
      if (marks.get(e.node()) != Mark.OPEN) {
        return;
      }
      Graph.Vertex vertex = graph.at(e.node());
      switch (e.outcome()) {
        case SUCCEEDED -> marks.set(e.node(), Mark.SUCCEEDED);
        case CANCELLED -> marks.set(e.node(), Mark.CANCELLED);
        case FAILED -> {
          boolean warned = vertex.mayFail(e.exitCode());
          marks.set(e.node(), warned ? Mark.WARNED : Mark.FAILED);
          if (!warned) {
            String text = "job " + vertex.name() + ": " + e.failure();
            failures.add(new RunState.Failure(e.node(), text));
            if (graph.endsOnFailure()) {
              stop();
            }
          }
        }
      }
    }

    private void play(int node) {
      Mark mark = marks.get(node);
      if (stopping || (mark != Mark.MANUAL && mark != Mark.DELAYED)) {
        return;
      }
      to(node, Mark.OPEN, new RunCommand.Admit(node));
      reset(graph.after(node));
    }

    private void retry(Collection<Integer> nodes) {
      if (stopping) {
        return;
      }
      for (int node : nodes) {
        switch (marks.get(node)) {
          case SUCCEEDED, WARNED, FAILED, CANCELLED -> {
            to(node, Mark.OPEN, new RunCommand.Again(node));
            failures.removeIf(f -> f.node() == node || f.node() < 0);
            reset(graph.after(node));
          }
          case SKIPPED -> reset(Set.of(node));
          case CREATED, MANUAL, DELAYED, OPEN -> {}
        }
      }
    }

    private void reset(Set<Integer> nodes) {
      for (int node : nodes) {
        if (marks.get(node) == Mark.SKIPPED) {
          to(node, Mark.CREATED, new RunCommand.Reset(node));
        }
      }
    }

    private void stop() {
      if (stopping) {
        return;
      }
      stopping = true;
      for (int node = 0; node < marks.size(); node++) {
        cancel(node, Mark.SKIPPED);
      }
    }

    private void cancel(int node, Mark unbegun) {
      switch (marks.get(node)) {
        case OPEN -> commands.add(new RunCommand.Cancel(node));
        case CREATED, MANUAL, DELAYED -> to(node, unbegun, new RunCommand.Skip(node));
        case SUCCEEDED, WARNED, FAILED, CANCELLED, SKIPPED -> {}
      }
    }

    private void to(int node, Mark mark, RunCommand command) {
      marks.set(node, mark);
      sums.keySet().removeIf(stage -> stage > graph.at(node).stage());
      commands.add(command);
    }

    /** Moves every job that can be, and ends the run when nothing is left to wait for. */
    Step<RunState, RunCommand> settled() {
      for (boolean moved = true; moved; ) {
        moved = false;
        for (int node = 0; node < marks.size(); node++) {
          moved |= marks.get(node) == Mark.CREATED && decide(node);
        }
      }
      skipCircles();
      return new Step<>(next(), commands);
    }

    /** What the stages before this one come to; the same for all its jobs. */
    private Mark.Sum stagesBefore(int stage) {
      return sums.computeIfAbsent(
          stage,
          _ ->
              Mark.sum(
                  graph,
                  marks,
                  IntStream.range(0, marks.size())
                      .filter(node -> graph.at(node).stage() < stage)
                      .boxed()
                      .toList(),
                  false));
    }

    /** Whether the jobs before this one have ended, so that it was moved. */
    private boolean decide(int node) {
      Graph.Vertex vertex = graph.at(node);
      boolean byNeeds = vertex.needs().isPresent();
      Mark.Sum sum =
          vertex
              .needs()
              .map(needs -> Mark.sum(graph, marks, needs, true))
              .orElseGet(() -> stagesBefore(vertex.stage()));
      if (sum == Mark.Sum.RUNNING || sum == Mark.Sum.BLOCKED) {
        return false;
      }
      boolean good = sum == Mark.Sum.SUCCEEDED || (sum == Mark.Sum.SKIPPED && !byNeeds);
      boolean runs =
          switch (vertex.flow().when()) {
            case ON_SUCCESS, MANUAL, DELAYED -> good;
            case ON_FAILURE -> sum == Mark.Sum.FAILED;
            case ALWAYS -> sum != Mark.Sum.CANCELLED;
          };
      if (!runs) {
        to(node, Mark.SKIPPED, new RunCommand.Skip(node));
        return true;
      }
      switch (vertex.flow().when()) {
        case ON_SUCCESS, ON_FAILURE, ALWAYS -> to(node, Mark.OPEN, new RunCommand.Admit(node));
        case MANUAL -> to(node, Mark.MANUAL, new RunCommand.Hold(node));
        case DELAYED -> {
          Instant until = now.plusSeconds(vertex.flow().startInSeconds());
          to(node, Mark.DELAYED, new RunCommand.Delay(node, until));
        }
      }
      return true;
    }

    /** Jobs that wait for each other would wait for ever. */
    private void skipCircles() {
      Mark.Sum sum = all();
      boolean waits = marks.contains(Mark.OPEN) || marks.contains(Mark.DELAYED);
      if (sum != Mark.Sum.RUNNING || waits) {
        return;
      }
      for (int node = 0; node < marks.size(); node++) {
        if (marks.get(node) == Mark.CREATED) {
          failures.add(
              new RunState.Failure(
                  -1, "job " + graph.at(node).name() + " waits for itself through others"));
          to(node, Mark.SKIPPED, new RunCommand.Skip(node));
        }
      }
    }

    private Mark.Sum all() {
      return Mark.sum(graph, marks, IntStream.range(0, marks.size()).boxed().toList(), false);
    }

    private RunState next() {
      Mark.Sum sum = all();
      if (sum == Mark.Sum.RUNNING || sum == Mark.Sum.BLOCKED) {
        return new RunState.Active(marks, failures, stopping);
      }
      if (!failures.isEmpty()) {
        return new RunState.Failed(failures.getFirst().text(), marks);
      }
      if (sum == Mark.Sum.FAILED) {
        String name = graph.at(marks.indexOf(Mark.FAILED)).name();
        return new RunState.Failed("job " + name + " failed", marks);
      }
      boolean cut = stopping && (marks.contains(Mark.CANCELLED) || marks.contains(Mark.SKIPPED));
      if (cut || sum == Mark.Sum.CANCELLED) {
        return new RunState.Cancelled(marks);
      }
      return sum == Mark.Sum.SKIPPED ? new RunState.Skipped(marks) : new RunState.Succeeded(marks);
    }
  }
}
