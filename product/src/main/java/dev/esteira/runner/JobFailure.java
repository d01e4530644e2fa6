package dev.esteira.runner;

import dev.esteira.pipeline.JobRunner;

/** The job cannot go on, and that is its own doing: trying again would not help. */
final class JobFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why, in the words of {@code retry:when}. */
  private final String reason;

  JobFailure(String message) {
    this(message, JobRunner.Failure.SCRIPT);
  }

  JobFailure(String message, String reason) {
    super(message);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }

  String text() {
    String message = getMessage();
    return message == null ? "the job failed" : message;
  }
}
