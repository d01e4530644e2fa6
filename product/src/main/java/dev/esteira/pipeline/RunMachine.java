package dev.esteira.pipeline;

import dev.esteira.pipeline.RunEvent.Outcome;
import dev.esteira.store.Machine;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A run: its stages one after another.
 *
 * <pre>
 *  Planned --begin--> Active(stage 0) --all its jobs ended--> Active(stage 1) ... --> Succeeded
 *                        |    |
 *             cancel or  |    '-- a job failed, once the others ended --> Failed
 *             time limit v
 *                     Active(stopping) -- all jobs ended --> Cancelled or Failed
 * </pre>
 */
final class RunMachine implements Machine<RunState, RunEvent, RunCommand> {
  @Override
  public Step<RunState, RunCommand> step(RunState state, RunEvent event, Instant now) {
    return switch (state) {
      case RunState.Planned s when event instanceof RunEvent.Begin -> reach(s.stageSizes(), 0);
      case RunState.Active s -> active(s, event);
      case RunState.Planned _, RunState.Succeeded _, RunState.Failed _, RunState.Cancelled _ ->
          new Step<>(state, List.of());
    };
  }

  private static Step<RunState, RunCommand> active(RunState.Active s, RunEvent event) {
    return switch (event) {
      case RunEvent.Begin _ -> new Step<>(s, List.of());
      case RunEvent.JobEnded e -> jobEnded(s, e);
      case RunEvent.CancelAsked _ -> stop(s, Optional.empty());
      case RunEvent.TimeLimit e ->
          stop(s, Optional.of("the run did not end within " + e.seconds() + " s"));
    };
  }

  private static Step<RunState, RunCommand> stop(RunState.Active s, Optional<String> failure) {
    if (s.stopping()) {
      return new Step<>(s, List.of());
    }
    return new Step<>(
        new RunState.Active(
            s.stageSizes(), s.stage(), s.open(), s.failure().or(() -> failure), false, true),
        List.of(new RunCommand.CancelStage(s.stage())));
  }

  private static Step<RunState, RunCommand> jobEnded(RunState.Active s, RunEvent.JobEnded e) {
    Optional<String> failure =
        s.failure()
            .or(() ->
                e.outcome() == Outcome.FAILED
                    ? Optional.of("job " + e.jobName() + ": " + e.failure())
                    : Optional.empty());
    boolean cancelled = s.cancelled() || e.outcome() == Outcome.CANCELLED;
    int open = s.open() - 1;
    if (open > 0) {
      return new Step<>(
          new RunState.Active(s.stageSizes(), s.stage(), open, failure, cancelled, s.stopping()),
          List.of());
    }
    List<RunCommand> skip = List.of(new RunCommand.SkipFrom(s.stage() + 1));
    if (failure.isPresent()) {
      return new Step<>(new RunState.Failed(failure.get()), skip);
    }
    boolean more = s.stage() + 1 < s.stageSizes().size();
    if (cancelled || (s.stopping() && more)) {
      return new Step<>(new RunState.Cancelled(), skip);
    }
    return reach(s.stageSizes(), s.stage() + 1);
  }

  /** Stages without jobs have succeeded at once. */
  private static Step<RunState, RunCommand> reach(List<Integer> sizes, int from) {
    int stage = from;
    while (stage < sizes.size() && sizes.get(stage) == 0) {
      stage++;
    }
    if (stage == sizes.size()) {
      return new Step<>(new RunState.Succeeded(), List.of());
    }
    return new Step<>(
        new RunState.Active(sizes, stage, sizes.get(stage), Optional.empty(), false, false),
        List.of(new RunCommand.AdmitStage(stage)));
  }
}
