package dev.esteira.fleet.group;

/**
 * Where a member of a group stands.
 *
 * <pre>
 * REQUESTED -> PENDING -> PENDING_WAIT -> PENDING_PROCEED -> IN_SERVICE &lt;-> STANDBY
 *                                                              |
 *                 (gone) &lt;- TERMINATING_PROCEED &lt;- TERMINATING_WAIT &lt;- TERMINATING
 * </pre>
 */
public enum Lifecycle {
  /** Asked for; it has no id yet. */
  REQUESTED("Pending"),
  PENDING("Pending"),
  PENDING_WAIT("Pending:Wait"),
  PENDING_PROCEED("Pending:Proceed"),
  IN_SERVICE("InService"),
  STANDBY("Standby"),
  /** Taken out of its target groups; they drain. */
  TERMINATING("Terminating"),
  TERMINATING_WAIT("Terminating:Wait"),
  TERMINATING_PROCEED("Terminating:Proceed");

  private final String word;

  Lifecycle(String word) {
    this.word = word;
  }

  /** The word of the Auto Scaling API. */
  public String word() {
    return word;
  }

  /** Where it is being brought, in the words of the metadata service. */
  String target() {
    return counts() ? IN_SERVICE.word : this == STANDBY ? STANDBY.word : "Terminated";
  }

  /** Whether it is on its way in, or in. */
  boolean counts() {
    return switch (this) {
      case REQUESTED, PENDING, PENDING_WAIT, PENDING_PROCEED, IN_SERVICE -> true;
      case STANDBY, TERMINATING, TERMINATING_WAIT, TERMINATING_PROCEED -> false;
    };
  }

  boolean pending() {
    return counts() && this != IN_SERVICE;
  }

  boolean terminating() {
    return !counts() && this != STANDBY;
  }
}
