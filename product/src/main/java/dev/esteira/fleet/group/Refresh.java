package dev.esteira.fleet.group;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An instance refresh.
 *
 * @param total how many it had to replace at the beginning
 * @param old the instances still to be replaced
 * @param before what launched before, to roll back to
 */
public record Refresh(
    String id,
    Status status,
    String reason,
    Instant startedAt,
    Optional<Instant> endedAt,
    Preferences preferences,
    Optional<LaunchSource> desired,
    LaunchSource before,
    int total,
    List<String> old,
    Optional<Instant> checkpointUntil,
    int checkpointsPassed) {
  /** Words of the Auto Scaling API. */
  public enum Status {
    PENDING("Pending"),
    IN_PROGRESS("InProgress"),
    SUCCESSFUL("Successful"),
    FAILED("Failed"),
    CANCELLING("Cancelling"),
    CANCELLED("Cancelled"),
    ROLLBACK_IN_PROGRESS("RollbackInProgress"),
    ROLLBACK_FAILED("RollbackFailed"),
    ROLLBACK_SUCCESSFUL("RollbackSuccessful");

    private final String word;

    Status(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }

    boolean open() {
      return switch (this) {
        case PENDING, IN_PROGRESS, CANCELLING, ROLLBACK_IN_PROGRESS -> true;
        case SUCCESSFUL, FAILED, CANCELLED, ROLLBACK_FAILED, ROLLBACK_SUCCESSFUL -> false;
      };
    }
  }

  /** How a refresh goes about; {@code warmupSeconds} is that of the group when empty. */
  public record Preferences(
      int minHealthyPercentage,
      int maxHealthyPercentage,
      Optional<Integer> warmupSeconds,
      boolean skipMatching,
      boolean autoRollback,
      List<Integer> checkpoints,
      int checkpointDelaySeconds,
      String protectedInstances,
      String standbyInstances) {
    public Preferences {
      checkpoints = List.copyOf(checkpoints);
    }
  }

  public Refresh {
    old = List.copyOf(old);
  }

  public int percentage() {
    return total == 0 ? 100 : (total - old.size()) * 100 / total;
  }

  Refresh now(Status next, String why) {
    return with(next, why, endedAt, total, old, checkpointUntil, checkpointsPassed);
  }

  Refresh ended(Status last, String why, Instant now) {
    return with(last, why, Optional.of(now), total, old, Optional.empty(), checkpointsPassed);
  }

  Refresh left(int newTotal, List<String> stillOld) {
    return with(status, reason, endedAt, newTotal, stillOld, checkpointUntil, checkpointsPassed);
  }

  Refresh resting(Optional<Instant> until, int passed) {
    return with(status, reason, endedAt, total, old, until, passed);
  }

  /** What of it changes as it goes on; the rest stays. */
  private Refresh with(
      Status state,
      String why,
      Optional<Instant> end,
      int all,
      List<String> stillOld,
      Optional<Instant> until,
      int passed) {
    return new Refresh(
        id, state, why, startedAt, end, preferences, desired, before, all, stillOld, until, passed);
  }
}
