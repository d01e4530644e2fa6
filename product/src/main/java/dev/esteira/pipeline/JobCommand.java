package dev.esteira.pipeline;

import java.util.Optional;

/** What a job's machine decided; all but the last are carried out in the same transaction. */
sealed interface JobCommand {
  /** Stand in line for the resource group. */
  record Claim() implements JobCommand {}

  /** Leave the resource group, or the line for it. */
  record ReleaseResource() implements JobCommand {}

  /** Stand at the end of the queue for a slot. */
  record Enqueue() implements JobCommand {}

  record Dequeue() implements JobCommand {}

  record ReleaseSlot() implements JobCommand {}

  /** An attempt begins: it gets a number of its own. */
  record GiveNumber() implements JobCommand {}

  /** Tell the run's machine that this job ended. */
  record Report(RunEvent.Outcome outcome, String failure, Optional<Integer> exitCode)
      implements JobCommand {}

  /** Tell people of the run. */
  record Note(String text) implements JobCommand {}

  /** For the hands, by the outbox. */
  record Hand(Action action, int attempt) implements JobCommand {}

  /** What the hands do. */
  enum Action {
    START,
    CANCEL,
    CLEAN_UP,
    ANNOUNCE_SUCCESS,
    ANNOUNCE_FAILURE
  }
}
