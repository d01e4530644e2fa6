package dev.esteira.pipeline;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Carries out planned jobs in sandboxes. The runner implements it, the run machine calls it. */
public interface JobRunner {
  /**
   * A job to carry out; unique by {@code jobId} and {@code attempt}.
   *
   * @param runNumber counts within the project
   */
  record Assignment(
      String jobId,
      int attempt,
      Runs.Request run,
      long runNumber,
      String runId,
      Plan.Job job,
      Place place) {
    /** A job of which no more is known. */
    public Assignment(
        String jobId, int attempt, Runs.Request run, long runNumber, String runId, Plan.Job job) {
      this(jobId, attempt, run, runNumber, runId, job, Place.NONE);
    }
  }

  /**
   * Where a job stands in its run.
   *
   * @param jobNumber a number of its own for every job of the home
   * @param runSerial a number of its own for every run of the home
   * @param inputs the ended jobs whose artifacts this one gets, in the order of the plan
   */
  record Place(
      long jobNumber, long runSerial, Instant runCreatedAt, String stage, List<Input> inputs) {
    public static final Place NONE = new Place(0, 0, Instant.EPOCH, "", List.of());

    public Place {
      inputs = List.copyOf(inputs);
    }
  }

  /** A job whose artifacts another gets; {@code attempt} is its last. */
  record Input(String jobId, int attempt, String name) {}

  /**
   * Why a job failed, for {@code retry} and {@code allow_failure}.
   *
   * @param reason {@code script_failure}, {@code job_execution_timeout}, …
   */
  record Failure(String text, String reason, Optional<Integer> exitCode) {
    public static final String SCRIPT = "script_failure";
    public static final String SYSTEM = "runner_system_failure";
    public static final String TIME = "job_execution_timeout";
    public static final String CHILD = "downstream_pipeline_creation_failed";
  }

  /** What the runner tells, in order; each is durable when the call returns. */
  interface Events {
    void started(String jobId, int attempt);

    /** A step began; index counts from 0 within the attempt. */
    void stepStarted(String jobId, int attempt, int index, String section, String text);

    void stepEnded(String jobId, int attempt, int index, int exitCode);

    /** The job ended by its own doing. {@code failure} is empty when it succeeded. */
    void ended(String jobId, int attempt, String failure);

    /** The same, with what is known of the failure. */
    default void failed(String jobId, int attempt, Failure failure) {
      ended(jobId, attempt, failure.text());
    }

    /**
     * Where the job deploys to, once its variables are known: told before {@code started}, and
     * again before the end when the job itself made the address known.
     */
    default void environment(String jobId, int attempt, String name, Optional<String> url) {}

    /**
     * The job's script has succeeded, and what it releases is due: made when this returns. Told
     * again by the same attempt, it changes nothing.
     */
    default void release(String jobId, int attempt, Releases.Wanted wanted) {}

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

  /** The text of a file among a job's artifacts, at most 1 MiB; empty when there is none. */
  default Optional<String> artifact(String jobId, String path) {
    return Optional.empty();
  }

  /** Removes the sandbox of an ended attempt. */
  void cleanUp(String jobId, int attempt);
}
