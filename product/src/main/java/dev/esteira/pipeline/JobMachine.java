package dev.esteira.pipeline;

import dev.esteira.pipeline.JobCommand.Action;
import dev.esteira.pipeline.JobCommand.Hand;
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
 *  Waiting --hold--> Manual --.
 *    |  |'--delay--> Delayed -+
 *    |  '--admit--------------+-> Claiming --its turn--> Queued --slot--> Starting --> Running
 *   skip                      |   (resource group)         ^  ^              |           |
 *    v                        '----------------------------'  '--- retry ----+-----------+
 *  Skipped --reset--> Waiting                                                |           |
 *                                                                cancel or time limit  ended
 *  Succeeded, Failed, SystemFailed, Cancelled &lt;--ended-- Cancelling &lt;--------'           |
 *   |     ^                                                                              |
 * again   '------------------------------------------------------------------------------'
 *   '--> Claiming or Queued
 * </pre>
 *
 * A job that triggers another pipeline goes from admission to Starting at once. Events of another
 * attempt than the present one, and steps that are known already, change nothing: the runner may
 * tell everything again after a restart.
 *
 * @param grouped whether it belongs to a resource group
 * @param trigger whether another pipeline stands in place of its sandbox
 */
record JobMachine(Flow.Retry retry, boolean grouped, boolean trigger)
    implements Machine<JobState, JobEvent, JobCommand> {
  @Override
  public Step<JobState, JobCommand> step(JobState state, JobEvent event, Instant now) {
    return switch (state) {
      case JobState.Waiting s -> waiting(s, event, now);
      case JobState.Manual s -> held(s, event, now);
      case JobState.Delayed s -> held(s, event, now);
      case JobState.Claiming s -> claiming(s, event, now);
      case JobState.Queued s -> queued(s, event, now);
      case JobState.Starting s -> starting(s, event, now);
      case JobState.Running s -> running(s, event, now);
      case JobState.Cancelling s -> cancelling(s, event, now);
      case JobState.Skipped s when event instanceof JobEvent.Reset ->
          to(new JobState.Waiting(s.attempt()));
      case JobState.Succeeded _,
          JobState.Failed _,
          JobState.SystemFailed _,
          JobState.Cancelled _,
          JobState.Skipped _ ->
          event instanceof JobEvent.Again ? admit(state, now) : same(state);
    };
  }

  private Step<JobState, JobCommand> waiting(JobState.Waiting state, JobEvent event, Instant now) {
    return switch (event) {
      case JobEvent.Hold _ -> to(new JobState.Manual(state.attempt()));
      case JobEvent.Delay e -> to(new JobState.Delayed(state.attempt(), e.until()));
      default -> held(state, event, now);
    };
  }

  private Step<JobState, JobCommand> held(JobState state, JobEvent event, Instant now) {
    if (event instanceof JobEvent.Admit) {
      return admit(state, now);
    }
    boolean ends = event instanceof JobEvent.Skip || event instanceof JobEvent.CancelAsked;
    return ends ? to(new JobState.Skipped(state.attempt())) : same(state);
  }

  private Step<JobState, JobCommand> admit(JobState state, Instant now) {
    int attempt = state.attempt() + 1;
    if (grouped) {
      return to(
          new JobState.Claiming(attempt), new JobCommand.GiveNumber(), new JobCommand.Claim());
    }
    return enqueue(attempt, now, new JobCommand.GiveNumber());
  }

  /** A trigger takes no slot. */
  private Step<JobState, JobCommand> enqueue(int attempt, Instant now, JobCommand... before) {
    List<JobCommand> commands = new ArrayList<>(List.of(before));
    if (trigger) {
      commands.add(new Hand(Action.START, attempt));
      return new Step<>(new JobState.Starting(attempt, now, JobState.Tries.NONE), commands);
    }
    commands.add(new JobCommand.Enqueue());
    return new Step<>(new JobState.Queued(attempt, JobState.Tries.NONE), commands);
  }

  private Step<JobState, JobCommand> claiming(
      JobState.Claiming state, JobEvent event, Instant now) {
    if (event instanceof JobEvent.ResourceGiven) {
      return enqueue(state.attempt(), now);
    }
    return event instanceof JobEvent.CancelAsked ? unbegun(state.attempt()) : same(state);
  }

  private Step<JobState, JobCommand> queued(JobState.Queued state, JobEvent event, Instant now) {
    int attempt = state.attempt();
    if (event instanceof JobEvent.SlotGiven) {
      return to(
          new JobState.Starting(attempt, now, state.tries()), new Hand(Action.START, attempt));
    }
    return event instanceof JobEvent.CancelAsked ? unbegun(attempt) : same(state);
  }

  /** Cancelled before its attempt had a sandbox. */
  private Step<JobState, JobCommand> unbegun(int attempt) {
    return to(
        new JobState.Cancelled(attempt, List.of()),
        new JobCommand.Dequeue(),
        new JobCommand.ReleaseResource(),
        new Hand(Action.ANNOUNCE_FAILURE, attempt),
        new Report(Outcome.CANCELLED, "", Optional.empty()));
  }

  private Step<JobState, JobCommand> starting(
      JobState.Starting state, JobEvent event, Instant now) {
    JobState.Running running =
        new JobState.Running(state.attempt(), state.since(), List.of(), state.tries());
    if (event instanceof JobEvent.Started e) {
      return e.attempt() == state.attempt() ? to(running) : same(state);
    }
    Step<JobState, JobCommand> step = running(running, event, now);
    return step.state().equals(running) ? same(state) : step;
  }

  private Step<JobState, JobCommand> running(JobState.Running state, JobEvent event, Instant now) {
    int attempt = state.attempt();
    return switch (event) {
      case JobEvent.StepStarted e when e.attempt() == attempt -> stepStarted(state, e);
      case JobEvent.StepEnded e when e.attempt() == attempt -> stepEnded(state, e);
      case JobEvent.Ended e when e.attempt() == attempt -> ended(state, e, now);
      case JobEvent.SystemFailure e when e.attempt() == attempt -> broken(state, e.reason(), now);
      case JobEvent.CancelAsked _ -> end(state, Optional.empty());
      case JobEvent.TimeLimit e ->
          end(state, Optional.of("the job did not end within " + e.seconds() + " s"));
      default -> same(state);
    };
  }

  private static Step<JobState, JobCommand> end(JobState.Running state, Optional<String> why) {
    return to(
        new JobState.Cancelling(state.attempt(), state.steps(), why, state.tries()),
        new Hand(Action.CANCEL, state.attempt()));
  }

  /** What the sandbox did before it heard decides: a success that came first stays one. */
  private Step<JobState, JobCommand> cancelling(
      JobState.Cancelling state, JobEvent event, Instant now) {
    int attempt = state.attempt();
    boolean over =
        (event instanceof JobEvent.Ended e && e.attempt() == attempt)
            || (event instanceof JobEvent.SystemFailure f && f.attempt() == attempt);
    if (!over) {
      return same(state);
    }
    if (event instanceof JobEvent.Ended e && e.failure().isEmpty()) {
      return succeeded(attempt, state.steps());
    }
    return state
        .failure()
        .map(why ->
            failed(
                attempt,
                state.steps(),
                state.tries(),
                new JobRunner.Failure(why, JobRunner.Failure.TIME, Optional.empty()),
                now))
        .orElseGet(() ->
            finished(
                new JobState.Cancelled(attempt, state.steps()),
                new Report(Outcome.CANCELLED, "", Optional.empty())));
  }

  private static Step<JobState, JobCommand> stepStarted(
      JobState.Running state, JobEvent.StepStarted e) {
    if (e.index() != state.steps().size()) {
      return same(state);
    }
    List<Runs.StepView> steps = new ArrayList<>(state.steps());
    steps.add(new Runs.StepView(e.index(), e.section(), e.text(), Optional.empty()));
    return to(new JobState.Running(state.attempt(), state.since(), steps, state.tries()));
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
    return to(new JobState.Running(state.attempt(), state.since(), steps, state.tries()));
  }

  private Step<JobState, JobCommand> ended(JobState.Running state, JobEvent.Ended e, Instant now) {
    if (e.failure().isEmpty()) {
      return succeeded(state.attempt(), state.steps());
    }
    Optional<Integer> exitCode = e.exitCode().or(() -> lastFailure(state.steps()));
    return failed(
        state.attempt(),
        state.steps(),
        state.tries(),
        new JobRunner.Failure(e.failure(), e.reason(), exitCode),
        now);
  }

  private static Optional<Integer> lastFailure(List<Runs.StepView> steps) {
    return steps.reversed().stream()
        .flatMap(step -> step.exitCode().stream())
        .filter(code -> code != 0)
        .findFirst();
  }

  private Step<JobState, JobCommand> failed(
      int attempt,
      List<Runs.StepView> steps,
      JobState.Tries tries,
      JobRunner.Failure failure,
      Instant now) {
    if (retries(tries, failure.reason(), failure.exitCode())) {
      JobState.Tries next = new JobState.Tries(tries.retried() + 1, tries.rescued());
      return again(attempt, next, "failed (" + failure.text() + ")", now);
    }
    return finished(
        new JobState.Failed(attempt, steps, failure.text(), failure.reason(), failure.exitCode()),
        new Report(Outcome.FAILED, failure.text(), failure.exitCode()));
  }

  private Step<JobState, JobCommand> broken(JobState.Running state, String reason, Instant now) {
    int attempt = state.attempt();
    JobState.Tries tries = state.tries();
    String text = "ended by a system failure (" + reason + ")";
    if (retries(tries, JobRunner.Failure.SYSTEM, Optional.empty())) {
      return again(attempt, new JobState.Tries(tries.retried() + 1, tries.rescued()), text, now);
    }
    if (!tries.rescued()) {
      return again(attempt, new JobState.Tries(tries.retried(), true), text, now);
    }
    String why = "system failure in attempt " + attempt + ": " + reason;
    return finished(
        new JobState.SystemFailed(attempt, state.steps(), why),
        new Report(Outcome.FAILED, why, Optional.empty()));
  }

  /** Whether the file asks for another attempt after this failure. */
  private boolean retries(JobState.Tries tries, String reason, Optional<Integer> exitCode) {
    if (tries.retried() >= retry.max()) {
      return false;
    }
    boolean any = retry.reasons().isEmpty() && retry.exitCodes().isEmpty();
    boolean named =
        retry.reasons().contains("always")
            || retry.reasons().contains(reason)
            || (retry.reasons().contains("stuck_or_timeout_failure")
                && reason.equals(JobRunner.Failure.TIME));
    return any || named || exitCode.map(retry.exitCodes()::contains).orElse(false);
  }

  private Step<JobState, JobCommand> again(
      int attempt, JobState.Tries tries, String why, Instant now) {
    List<JobCommand> commands =
        new ArrayList<>(
            List.of(
                new JobCommand.ReleaseSlot(),
                new JobCommand.Note(
                    "attempt %d %s; attempt %d starts from a clean workspace"
                        .formatted(attempt, why, attempt + 1)),
                new Hand(Action.CLEAN_UP, attempt),
                new JobCommand.GiveNumber()));
    if (trigger) {
      commands.add(new Hand(Action.START, attempt + 1));
      return new Step<>(new JobState.Starting(attempt + 1, now, tries), commands);
    }
    commands.add(new JobCommand.Enqueue());
    return new Step<>(new JobState.Queued(attempt + 1, tries), commands);
  }

  private static Step<JobState, JobCommand> succeeded(int attempt, List<Runs.StepView> steps) {
    return finished(
        new JobState.Succeeded(attempt, steps),
        new Report(Outcome.SUCCEEDED, "", Optional.empty()));
  }

  private static Step<JobState, JobCommand> finished(JobState state, Report report) {
    boolean succeeded = report.outcome() == Outcome.SUCCEEDED;
    return to(
        state,
        new JobCommand.ReleaseSlot(),
        new JobCommand.ReleaseResource(),
        new Hand(succeeded ? Action.ANNOUNCE_SUCCESS : Action.ANNOUNCE_FAILURE, state.attempt()),
        new Hand(Action.CLEAN_UP, state.attempt()),
        report);
  }

  private static Step<JobState, JobCommand> to(JobState state, JobCommand... commands) {
    return new Step<>(state, List.of(commands));
  }

  private static Step<JobState, JobCommand> same(JobState state) {
    return new Step<>(state, List.of());
  }
}
