package dev.esteira.pipeline;

import dev.esteira.pipeline.JobCommand.Action;
import dev.esteira.pipeline.JobCommand.Dequeue;
import dev.esteira.pipeline.JobCommand.Enqueue;
import dev.esteira.pipeline.JobCommand.Hand;
import dev.esteira.pipeline.JobCommand.Note;
import dev.esteira.pipeline.JobCommand.ReleaseSlot;
import dev.esteira.pipeline.JobCommand.Report;
import dev.esteira.pipeline.RunEvent.Outcome;
import dev.esteira.store.Machine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One job of a run.
 *
 * <pre>
 *  Waiting --admit--> Queued(1) --slot--> Starting --started--> Running --ended--> Succeeded
 *     |                 |  ^                 |                  |  |  |            or Failed
 *    skip            cancel '--system failure of attempt 1 -----'  |  |
 *     v                 v                    |                     |  '-system failure of 2
 *  Skipped          Cancelled <--ended-- Cancelling <--cancel or --'     v
 *                   or Failed                          time limit    SystemFailed
 * </pre>
 *
 * Events of another attempt than the present one, and steps that are known already, change nothing:
 * the runner may tell everything again after a restart.
 */
final class JobMachine implements Machine<JobState, JobEvent, JobCommand> {
  @Override
  public Step<JobState, JobCommand> step(JobState state, JobEvent event, Instant now) {
    return switch (state) {
      case JobState.Waiting s -> waiting(s, event);
      case JobState.Queued s -> queued(s, event, now);
      case JobState.Starting s -> starting(s, event);
      case JobState.Running s -> running(s, event);
      case JobState.Cancelling s -> cancelling(s, event);
      case JobState.Succeeded _,
          JobState.Failed _,
          JobState.SystemFailed _,
          JobState.Cancelled _,
          JobState.Skipped _ ->
          same(state);
    };
  }

  private static Step<JobState, JobCommand> waiting(JobState.Waiting state, JobEvent event) {
    return switch (event) {
      case JobEvent.Admit _ -> to(new JobState.Queued(1), new Enqueue());
      case JobEvent.Skip _ -> to(new JobState.Skipped());
      case JobEvent.CancelAsked _ -> to(new JobState.Skipped());
      case JobEvent.SlotGiven _,
          JobEvent.Started _,
          JobEvent.StepStarted _,
          JobEvent.StepEnded _,
          JobEvent.Ended _,
          JobEvent.SystemFailure _,
          JobEvent.TimeLimit _ ->
          same(state);
    };
  }

  private static Step<JobState, JobCommand> queued(
      JobState.Queued state, JobEvent event, Instant now) {
    int attempt = state.attempt();
    return switch (event) {
      case JobEvent.SlotGiven _ ->
          to(new JobState.Starting(attempt, now), new Hand(Action.START, attempt));
      case JobEvent.CancelAsked _ ->
          to(
              new JobState.Cancelled(attempt, List.of()),
              new Dequeue(),
              new Hand(Action.ANNOUNCE_FAILURE, attempt),
              new Report(Outcome.CANCELLED, ""));
      case JobEvent.Admit _,
          JobEvent.Skip _,
          JobEvent.Started _,
          JobEvent.StepStarted _,
          JobEvent.StepEnded _,
          JobEvent.Ended _,
          JobEvent.SystemFailure _,
          JobEvent.TimeLimit _ ->
          same(state);
    };
  }

  private static Step<JobState, JobCommand> starting(JobState.Starting state, JobEvent event) {
    JobState.Running running = new JobState.Running(state.attempt(), state.since(), List.of());
    if (event instanceof JobEvent.Started e) {
      return e.attempt() == state.attempt() ? to(running) : same(state);
    }
    Step<JobState, JobCommand> step = running(running, event);
    return step.state().equals(running) ? same(state) : step;
  }

  private static Step<JobState, JobCommand> running(JobState.Running state, JobEvent event) {
    int attempt = state.attempt();
    return switch (event) {
      case JobEvent.StepStarted e when e.attempt() == attempt -> stepStarted(state, e);
      case JobEvent.StepEnded e when e.attempt() == attempt -> stepEnded(state, e);
      case JobEvent.Ended e when e.attempt() == attempt -> ended(state, e.failure());
      case JobEvent.SystemFailure e when e.attempt() == attempt -> broken(state, e.reason());
      case JobEvent.CancelAsked _ ->
          to(
              new JobState.Cancelling(attempt, state.steps(), Optional.empty()),
              new Hand(Action.CANCEL, attempt));
      case JobEvent.TimeLimit e ->
          to(
              new JobState.Cancelling(
                  attempt,
                  state.steps(),
                  Optional.of("the job did not end within " + e.seconds() + " s")),
              new Hand(Action.CANCEL, attempt));
      case JobEvent.Admit _,
          JobEvent.Skip _,
          JobEvent.SlotGiven _,
          JobEvent.Started _,
          JobEvent.StepStarted _,
          JobEvent.StepEnded _,
          JobEvent.Ended _,
          JobEvent.SystemFailure _ ->
          same(state);
    };
  }

  /** What the sandbox did before it heard decides: a success that came first stays one. */
  private static Step<JobState, JobCommand> cancelling(JobState.Cancelling state, JobEvent event) {
    int attempt = state.attempt();
    boolean over =
        (event instanceof JobEvent.Ended e && e.attempt() == attempt)
            || (event instanceof JobEvent.SystemFailure f && f.attempt() == attempt);
    if (!over) {
      return same(state);
    }
    if (event instanceof JobEvent.Ended e && e.failure().isEmpty()) {
      return finished(new JobState.Succeeded(attempt, state.steps()), Outcome.SUCCEEDED, "");
    }
    return state
        .failure()
        .map(why -> finished(new JobState.Failed(attempt, state.steps(), why), Outcome.FAILED, why))
        .orElseGet(
            () -> finished(new JobState.Cancelled(attempt, state.steps()), Outcome.CANCELLED, ""));
  }

  private static Step<JobState, JobCommand> stepStarted(
      JobState.Running state, JobEvent.StepStarted e) {
    if (e.index() != state.steps().size()) {
      return same(state);
    }
    List<Runs.StepView> steps = new ArrayList<>(state.steps());
    steps.add(new Runs.StepView(e.index(), e.section(), e.text(), Optional.empty()));
    return to(new JobState.Running(state.attempt(), state.since(), steps));
  }

  private static Step<JobState, JobCommand> stepEnded(
      JobState.Running state, JobEvent.StepEnded e) {
    List<Runs.StepView> steps = new ArrayList<>(state.steps());
    if (e.index() >= steps.size() || steps.get(e.index()).exitCode().isPresent()) {
      return same(state);
    }
    Runs.StepView open = steps.get(e.index());
    steps.set(
        e.index(),
        new Runs.StepView(e.index(), open.section(), open.text(), Optional.of(e.exitCode())));
    return to(new JobState.Running(state.attempt(), state.since(), steps));
  }

  private static Step<JobState, JobCommand> ended(JobState.Running state, String failure) {
    return failure.isEmpty()
        ? finished(new JobState.Succeeded(state.attempt(), state.steps()), Outcome.SUCCEEDED, "")
        : finished(
            new JobState.Failed(state.attempt(), state.steps(), failure), Outcome.FAILED, failure);
  }

  private static Step<JobState, JobCommand> broken(JobState.Running state, String reason) {
    int attempt = state.attempt();
    if (attempt >= JobState.ATTEMPTS_MAX) {
      String text = "system failure in attempt " + attempt + ": " + reason;
      return finished(
          new JobState.SystemFailed(attempt, state.steps(), text), Outcome.FAILED, text);
    }
    return to(
        new JobState.Queued(attempt + 1),
        new ReleaseSlot(),
        new Note(
            "attempt %d ended by a system failure (%s); attempt %d starts from a clean workspace"
                .formatted(attempt, reason, attempt + 1)),
        new Hand(Action.CLEAN_UP, attempt),
        new Enqueue());
  }

  private static Step<JobState, JobCommand> finished(
      JobState state, Outcome outcome, String failure) {
    boolean succeeded = outcome == Outcome.SUCCEEDED;
    return to(
        state,
        new ReleaseSlot(),
        new Hand(succeeded ? Action.ANNOUNCE_SUCCESS : Action.ANNOUNCE_FAILURE, state.attempt()),
        new Hand(Action.CLEAN_UP, state.attempt()),
        new Report(outcome, failure));
  }

  private static Step<JobState, JobCommand> to(JobState state, JobCommand... commands) {
    return new Step<>(state, List.of(commands));
  }

  private static Step<JobState, JobCommand> same(JobState state) {
    return new Step<>(state, List.of());
  }
}
