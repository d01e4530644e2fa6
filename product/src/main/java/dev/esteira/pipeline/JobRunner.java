package dev.esteira.pipeline;

/** Carries out planned jobs in sandboxes. The runner implements it, the run machine calls it. */
public interface JobRunner {
  /** A job to carry out; unique by {@code jobId} and {@code attempt}. */
  record Assignment(
      String jobId, int attempt, Runs.Request run, long runNumber, String runId, Plan.Job job) {}

  /** What the runner tells, in order; each is durable when the call returns. */
  interface Events {
    void started(String jobId, int attempt);

    /** A step began; index counts from 0 within the attempt. */
    void stepStarted(String jobId, int attempt, int index, String section, String text);

    void stepEnded(String jobId, int attempt, int index, int exitCode);

    /** The job ended by its own doing. {@code failure} is empty when it succeeded. */
    void ended(String jobId, int attempt, String failure);

    /** The job ended by ours or the machine's doing: it may be tried once more. */
    void systemFailure(String jobId, int attempt, String reason);
  }

  /** Begins to get ready for jobs to come; called once, when the house can work. */
  default void open() {}

  /**
   * Starts it, or goes on with it when its sandbox is there already (after a restart): idempotent.
   * Returns at once; events tell the rest.
   */
  void start(Assignment assignment, Events events);

  /** Ends it; {@code ended} follows with failure "cancelled". */
  void cancel(String jobId, int attempt);

  /** Removes the sandbox of an ended attempt. */
  void cleanUp(String jobId, int attempt);
}
