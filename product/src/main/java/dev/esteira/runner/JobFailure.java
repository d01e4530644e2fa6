package dev.esteira.runner;

/** The job cannot go on, and that is its own doing: trying again would not help. */
final class JobFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  JobFailure(String message) {
    super(message);
  }

  String text() {
    String message = getMessage();
    return message == null ? "the job failed" : message;
  }
}
