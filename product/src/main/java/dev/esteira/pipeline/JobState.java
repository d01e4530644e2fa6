package dev.esteira.pipeline;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Where a job is; {@link JobMachine} draws the picture. Attempts count from 1. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
  @JsonSubTypes.Type(value = JobState.Waiting.class, name = "waiting"),
  @JsonSubTypes.Type(value = JobState.Manual.class, name = "manual"),
  @JsonSubTypes.Type(value = JobState.Delayed.class, name = "delayed"),
  @JsonSubTypes.Type(value = JobState.Claiming.class, name = "claiming"),
  @JsonSubTypes.Type(value = JobState.Queued.class, name = "queued"),
  @JsonSubTypes.Type(value = JobState.Starting.class, name = "starting"),
  @JsonSubTypes.Type(value = JobState.Running.class, name = "running"),
  @JsonSubTypes.Type(value = JobState.Cancelling.class, name = "cancelling"),
  @JsonSubTypes.Type(value = JobState.Succeeded.class, name = "succeeded"),
  @JsonSubTypes.Type(value = JobState.Failed.class, name = "failed"),
  @JsonSubTypes.Type(value = JobState.SystemFailed.class, name = "system_failure"),
  @JsonSubTypes.Type(value = JobState.Cancelled.class, name = "cancelled"),
  @JsonSubTypes.Type(value = JobState.Skipped.class, name = "skipped"),
})
sealed interface JobState {
  /** The present attempt, or the last one; 0 when there was none. */
  int attempt();

  default List<Runs.StepView> steps() {
    return List.of();
  }

  /** Whether nothing more happens by itself. */
  default boolean ended() {
    return switch (this) {
      case Pending _, Starting _, Running _, Cancelling _ -> false;
      case Succeeded _, Failed _, SystemFailed _, Cancelled _, Skipped _ -> true;
    };
  }

  /** Whether it has a sandbox, or is about to have one. */
  default boolean active() {
    return switch (this) {
      case Starting _, Running _, Cancelling _ -> true;
      case Pending _, Succeeded _, Failed _, SystemFailed _, Cancelled _, Skipped _ -> false;
    };
  }

  default Optional<String> failureText() {
    return switch (this) {
      case Failed f -> Optional.of(f.failure());
      case SystemFailed f -> Optional.of(f.reason());
      case Pending _, Starting _, Running _, Cancelling _, Succeeded _, Cancelled _, Skipped _ ->
          Optional.empty();
    };
  }

  /**
   * How often this start of the job was tried again.
   *
   * @param retried because its file asks for it
   * @param rescued whether once more because we or the machine failed
   */
  record Tries(int retried, boolean rescued) {
    static final Tries NONE = new Tries(0, false);
  }

  /** Nothing runs yet. */
  sealed interface Pending extends JobState {}

  /** Waits for other jobs; {@code attempt} counts those before. */
  record Waiting(int attempt) implements Pending {}

  /** Waits for a person. */
  record Manual(int attempt) implements Pending {}

  /** Waits for its time. */
  record Delayed(int attempt, Instant until) implements Pending {}

  /** Waits for its resource group. */
  record Claiming(int attempt) implements Pending {}

  /** Waits for a free job slot. */
  record Queued(int attempt, Tries tries) implements Pending {
    public Queued {
      tries = Absent.or(tries, Tries.NONE);
    }
  }

  /** Has a slot since {@code since}; its sandbox is being made. */
  record Starting(int attempt, Instant since, Tries tries) implements JobState {
    public Starting {
      tries = Absent.or(tries, Tries.NONE);
    }
  }

  /** Its shell runs. */
  record Running(int attempt, Instant since, List<Runs.StepView> steps, Tries tries)
      implements JobState {
    public Running {
      steps = List.copyOf(steps);
      tries = Absent.or(tries, Tries.NONE);
    }
  }

  /** Asked to end; {@code failure} says why, empty when a person cancelled it. */
  record Cancelling(int attempt, List<Runs.StepView> steps, Optional<String> failure, Tries tries)
      implements JobState {
    public Cancelling {
      steps = List.copyOf(steps);
      tries = Absent.or(tries, Tries.NONE);
    }
  }

  record Succeeded(int attempt, List<Runs.StepView> steps) implements JobState {
    public Succeeded {
      steps = List.copyOf(steps);
    }
  }

  /** The user's work failed. */
  record Failed(
      int attempt,
      List<Runs.StepView> steps,
      String failure,
      String reason,
      Optional<Integer> exitCode)
      implements JobState {
    public Failed {
      steps = List.copyOf(steps);
      reason = Absent.or(reason, JobRunner.Failure.SCRIPT);
    }
  }

  /** We or the machine failed, as often as it was tried. */
  record SystemFailed(int attempt, List<Runs.StepView> steps, String reason) implements JobState {
    public SystemFailed {
      steps = List.copyOf(steps);
    }
  }

  record Cancelled(int attempt, List<Runs.StepView> steps) implements JobState {
    public Cancelled {
      steps = List.copyOf(steps);
    }
  }

  /** Not run, because of how the jobs before it ended, or the run was cancelled before. */
  record Skipped(int attempt) implements JobState {}
}
