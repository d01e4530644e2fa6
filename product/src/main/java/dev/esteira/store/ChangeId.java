package dev.esteira.store;

/**
 * Places in the history: the transaction's revision in the upper 43 bits, the change's number
 * within it in the lower 20. So history is in the order of ids, and needs no second index.
 */
final class ChangeId {
  static final int CHANGES_MAX = 1 << 20;
  private static final int BITS = 20;
  private static final long REVISION_MAX = (1L << 43) - 1;

  private ChangeId() {}

  static long of(long revision, int number) {
    return revision << BITS | number;
  }

  /** The last place that a change of this revision can have. */
  static long lastOf(long revision) {
    return Math.min(revision, REVISION_MAX) << BITS | (CHANGES_MAX - 1);
  }

  static long revisionOf(long id) {
    return id >> BITS;
  }
}
