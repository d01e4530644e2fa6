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
  int ATTEMPTS_MAX = 2;

  int attempt();

  List<Runs.StepView> steps();

  /** Whether nothing more can happen. */
  default boolean ended() {
    return switch (this) {
      case Waiting _, Queued _, Starting _, Running _, Cancelling _ -> false;
      case Succeeded _, Failed _, SystemFailed _, Cancelled _, Skipped _ -> true;
    };
  }

  /** Whether it has a sandbox, or is about to have one. */
  default boolean active() {
    return switch (this) {
      case Starting _, Running _, Cancelling _ -> true;
      case Waiting _, Queued _, Succeeded _, Failed _, SystemFailed _, Cancelled _, Skipped _ ->
          false;
    };
  }

  default Optional<String> failureText() {
    return switch (this) {
      case Failed f -> Optional.of(f.failure());
      case SystemFailed f -> Optional.of(f.reason());
      case Waiting _,
          Queued _,
          Starting _,
          Running _,
          Cancelling _,
          Succeeded _,
          Cancelled _,
          Skipped _ ->
          Optional.empty();
    };
  }

  /** Its stage has not been reached. */
  record Waiting() implements JobState {
    @Override
    public int attempt() {
      return 1;
    }

    @Override
    public List<Runs.StepView> steps() {
      return List.of();
    }
  }

  /** Waits for a free job slot. */
  record Queued(int attempt) implements JobState {
    @Override
    public List<Runs.StepView> steps() {
      return List.of();
    }
  }

  /** Has a slot since {@code since}; its sandbox is being made. */
  record Starting(int attempt, Instant since) implements JobState {
    @Override
    public List<Runs.StepView> steps() {
      return List.of();
    }
  }

  /** Its shell runs. */
  record Running(int attempt, Instant since, List<Runs.StepView> steps) implements JobState {
    public Running {
      steps = List.copyOf(steps);
    }
  }

  /** Asked to end; {@code failure} says why, empty when a person cancelled it. */
  record Cancelling(int attempt, List<Runs.StepView> steps, Optional<String> failure)
      implements JobState {
    public Cancelling {
      steps = List.copyOf(steps);
    }
  }

  record Succeeded(int attempt, List<Runs.StepView> steps) implements JobState {
    public Succeeded {
      steps = List.copyOf(steps);
    }
  }

  /** The user's work failed. */
  record Failed(int attempt, List<Runs.StepView> steps, String failure) implements JobState {
    public Failed {
      steps = List.copyOf(steps);
    }
  }

  /** We or the machine failed, twice. */
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

  /** Not run, because a stage before it failed. */
  record Skipped() implements JobState {
    @Override
    public int attempt() {
      return 1;
    }

    @Override
    public List<Runs.StepView> steps() {
      return List.of();
    }
  }
}
