package dev.esteira.runner;

import dev.esteira.base.EsteiraException;
import dev.esteira.pipeline.JobRunner;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Tells how an attempt ended: closes its log, and says whose doing it was. */
final class Ending {
  static final String CANCELLED = "cancelled";

  private static final Logger LOG = Logger.getLogger(Ending.class.getName());
  private static final String SCRIPT_FAILURE = "script_failure";

  private final Parts parts;
  private final Attempt attempt;
  private final JobRunner.Events events;

  Ending(Parts parts, Attempt attempt, JobRunner.Events events) {
    this.parts = parts;
    this.attempt = attempt;
    this.events = events;
  }

  /** It did not come to its end: by its own doing ({@link JobFailure}), or by ours. */
  void tell(RuntimeException e, BooleanSupplier cancelled) {
    String text = text(e);
    LOG.log(Level.INFO, "sandbox " + attempt.key() + " failed", e);
    if (!parts.logs().ended(attempt.logStream())) {
      parts.logs().append(attempt.logStream(), parts.clock().instant(), "Sandbox: " + text);
      parts.logs().end(attempt.logStream());
    }
    if (cancelled.getAsBoolean()) {
      events.ended(attempt.jobId(), attempt.number(), CANCELLED);
    } else if (e instanceof JobFailure failure) {
      events.failed(
          attempt.jobId(),
          attempt.number(),
          new JobRunner.Failure(text, failure.reason(), Optional.empty()));
    } else {
      events.systemFailure(attempt.jobId(), attempt.number(), text);
    }
  }

  private static String text(RuntimeException e) {
    return switch (e) {
      case EsteiraException known -> known.text();
      case JobFailure failure -> failure.text();
      default -> e.toString();
    };
  }

  /** It came to its end; {@code how} is empty after a success. */
  void tell(String how, Optional<Integer> exitCode) {
    parts.logs().end(attempt.logStream());
    if (exitCode.isPresent() && !how.isEmpty() && !how.equals(CANCELLED)) {
      events.failed(
          attempt.jobId(), attempt.number(), new JobRunner.Failure(how, SCRIPT_FAILURE, exitCode));
    } else {
      events.ended(attempt.jobId(), attempt.number(), how);
    }
  }
}
