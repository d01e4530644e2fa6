package dev.esteira.pipeline;

/** What a job's machine decided; the first five are carried out in the same transaction. */
sealed interface JobCommand {
  /** Stand at the end of the queue for a slot. */
  record Enqueue() implements JobCommand {}

  record Dequeue() implements JobCommand {}

  record ReleaseSlot() implements JobCommand {}

  /** Tell the run's machine that this job ended. */
  record Report(RunEvent.Outcome outcome, String failure) implements JobCommand {}

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
