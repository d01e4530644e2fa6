package dev.esteira.fleet;

import java.time.Instant;
import java.util.Optional;

/**
 * One command on one instance, and what came of it.
 *
 * @param limitSeconds how long its script may run
 * @param exitCode of its script, where that ended
 */
public record Invocation(
    String commandId,
    String instanceId,
    String script,
    String workingDirectory,
    int limitSeconds,
    Status status,
    Instant askedAt,
    Optional<Instant> endedAt,
    Optional<Integer> exitCode,
    String output,
    String error) {
  /** By their names in the API of Systems Manager. */
  public enum Status {
    IN_PROGRESS("InProgress"),
    SUCCESS("Success"),
    FAILED("Failed"),
    TIMED_OUT("TimedOut"),
    CANCELLED("Cancelled");

    private final String word;

    Status(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  public boolean ended() {
    return endedAt.isPresent();
  }

  /** Its key among all invocations. */
  String key() {
    return commandId + "/" + instanceId;
  }

  Invocation ended(Status now, Instant at, Optional<Integer> code, String said, String failed) {
    return new Invocation(
        commandId,
        instanceId,
        script,
        workingDirectory,
        limitSeconds,
        now,
        askedAt,
        Optional.of(at),
        code,
        said,
        failed);
  }
}
