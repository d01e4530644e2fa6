package dev.esteira.pipeline;

/** What can happen to a job. */
sealed interface JobEvent {
  /** Its stage has been reached. */
  record Admit() implements JobEvent {}

  /** A stage before it failed. */
  record Skip() implements JobEvent {}

  record SlotGiven() implements JobEvent {}

  record Started(int attempt) implements JobEvent {}

  record StepStarted(int attempt, int index, String section, String text) implements JobEvent {}

  record StepEnded(int attempt, int index, int exitCode) implements JobEvent {}

  /** {@code failure} is empty when it succeeded. */
  record Ended(int attempt, String failure) implements JobEvent {}

  record SystemFailure(int attempt, String reason) implements JobEvent {}

  record CancelAsked() implements JobEvent {}

  /** It has run longer than it may. */
  record TimeLimit(int seconds) implements JobEvent {}
}
