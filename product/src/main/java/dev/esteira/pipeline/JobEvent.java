package dev.esteira.pipeline;

import java.time.Instant;
import java.util.Optional;

/** What can happen to a job. */
sealed interface JobEvent {
  /** What it waited for has ended, a person played it, or its time has come. */
  record Admit() implements JobEvent {}

  /** It now waits for a person. */
  record Hold() implements JobEvent {}

  /** It now waits for its time. */
  record Delay(Instant until) implements JobEvent {}

  /** It will not run. */
  record Skip() implements JobEvent {}

  /** It was skipped, but may run after all. */
  record Reset() implements JobEvent {}

  /** It has ended, and is to run once more. */
  record Again() implements JobEvent {}

  /** It is the one of its resource group now. */
  record ResourceGiven() implements JobEvent {}

  record SlotGiven() implements JobEvent {}

  record Started(int attempt) implements JobEvent {}

  record StepStarted(int attempt, int index, String section, String text) implements JobEvent {}

  record StepEnded(int attempt, int index, int exitCode) implements JobEvent {}

  /**
   * {@code failure} is empty when it succeeded.
   *
   * @param exitCode empty when the steps tell it
   */
  record Ended(int attempt, String failure, String reason, Optional<Integer> exitCode)
      implements JobEvent {
    Ended(int attempt, String failure) {
      this(attempt, failure, JobRunner.Failure.SCRIPT, Optional.empty());
    }
  }

  record SystemFailure(int attempt, String reason) implements JobEvent {}

  record CancelAsked() implements JobEvent {}

  /** It has run longer than it may. */
  record TimeLimit(int seconds) implements JobEvent {}
}
