package dev.esteira.pipeline;

/**
 * What ends jobs of a run early, besides people and limits.
 *
 * @param allOnJobFailure whether everything ends as soon as one job has failed
 */
public record AutoCancel(OnNewCommit onNewCommit, boolean allOnJobFailure) {
  /** Nothing does. */
  public static final AutoCancel NEVER = new AutoCancel(OnNewCommit.NONE, false);

  /** What a run for a newer commit of the same ref ends. */
  public enum OnNewCommit {
    NONE,
    /** The whole run, unless a job has begun that may not be interrupted. */
    CONSERVATIVE,
    /** Each job that may be interrupted. */
    INTERRUPTIBLE
  }
}
