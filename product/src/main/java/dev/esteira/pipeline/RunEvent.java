package dev.esteira.pipeline;

/** What can happen to a run. */
sealed interface RunEvent {
  /** How a job ended, as its run sees it. */
  enum Outcome {
    SUCCEEDED,
    FAILED,
    CANCELLED
  }

  record Begin() implements RunEvent {}

  record JobEnded(String jobName, Outcome outcome, String failure) implements RunEvent {}

  record CancelAsked() implements RunEvent {}

  /** It has lasted longer than any run may. */
  record TimeLimit(long seconds) implements RunEvent {}
}
