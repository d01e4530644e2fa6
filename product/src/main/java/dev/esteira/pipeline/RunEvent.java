package dev.esteira.pipeline;

import java.util.List;
import java.util.Optional;

/** What can happen to a run; jobs are named by their number in the plan. */
sealed interface RunEvent {
  /** How a job ended, as its run sees it. */
  enum Outcome {
    SUCCEEDED,
    FAILED,
    CANCELLED
  }

  record Begin() implements RunEvent {}

  record JobEnded(int node, Outcome outcome, String failure, Optional<Integer> exitCode)
      implements RunEvent {}

  /** A person wants a job now: one that waits for a person or for its time. */
  record PlayAsked(int node) implements RunEvent {}

  /** The time of a delayed job has come. */
  record DelayOver(int node) implements RunEvent {}

  /** A person wants these ended jobs once more. */
  record RetryAsked(List<Integer> nodes) implements RunEvent {
    public RetryAsked {
      nodes = List.copyOf(nodes);
    }
  }

  /** A person does not want this job. */
  record JobCancelAsked(int node) implements RunEvent {}

  record CancelAsked() implements RunEvent {}

  /** Jobs have run for longer than a run may. */
  record TimeLimit(long seconds) implements RunEvent {}
}
