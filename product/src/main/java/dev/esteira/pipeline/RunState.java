package dev.esteira.pipeline;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/**
 * Where a run is; {@link RunMachine} draws the picture. {@code marks} says what it knows of each
 * job, in the order of the plan; records of the first version have none.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
  @JsonSubTypes.Type(value = RunState.Planned.class, name = "planned"),
  @JsonSubTypes.Type(value = RunState.Active.class, name = "active"),
  @JsonSubTypes.Type(value = RunState.Succeeded.class, name = "succeeded"),
  @JsonSubTypes.Type(value = RunState.Failed.class, name = "failed"),
  @JsonSubTypes.Type(value = RunState.Cancelled.class, name = "cancelled"),
  @JsonSubTypes.Type(value = RunState.Skipped.class, name = "skipped"),
})
sealed interface RunState {
  List<Mark> marks();

  /** The same with what is known of the jobs. */
  RunState with(List<Mark> marks);

  /** Has a plan and has not begun. */
  record Planned(List<Mark> marks) implements RunState {
    public Planned {
      marks = List.copyOf(Absent.or(marks, List.of()));
    }

    @Override
    public RunState with(List<Mark> known) {
      return new Planned(known);
    }
  }

  /**
   * Works, or waits for a person or a time.
   *
   * @param failures what failed so far, in the order in which it did
   * @param stopping whether a person or the time limit asked for its end
   */
  record Active(List<Mark> marks, List<Failure> failures, boolean stopping) implements RunState {
    public Active {
      marks = List.copyOf(Absent.or(marks, List.of()));
      failures = List.copyOf(Absent.or(failures, List.of()));
    }

    @Override
    public RunState with(List<Mark> known) {
      return new Active(known, failures, stopping);
    }
  }

  /** Why it fails; {@code node} is the job's number, or -1 when it was the run itself. */
  record Failure(int node, String text) {}

  record Succeeded(List<Mark> marks) implements RunState {
    public Succeeded {
      marks = List.copyOf(Absent.or(marks, List.of()));
    }

    @Override
    public RunState with(List<Mark> known) {
      return new Succeeded(known);
    }
  }

  record Failed(String failure, List<Mark> marks) implements RunState {
    public Failed {
      marks = List.copyOf(Absent.or(marks, List.of()));
    }

    @Override
    public RunState with(List<Mark> known) {
      return new Failed(failure, known);
    }
  }

  record Cancelled(List<Mark> marks) implements RunState {
    public Cancelled {
      marks = List.copyOf(Absent.or(marks, List.of()));
    }

    @Override
    public RunState with(List<Mark> known) {
      return new Cancelled(known);
    }
  }

  /** None of its jobs ran. */
  record Skipped(List<Mark> marks) implements RunState {
    public Skipped {
      marks = List.copyOf(Absent.or(marks, List.of()));
    }

    @Override
    public RunState with(List<Mark> known) {
      return new Skipped(known);
    }
  }

  /** Ended: but a manual job may be played, and a job tried again. */
  default boolean ended() {
    return switch (this) {
      case Planned _, Active _ -> false;
      case Succeeded _, Failed _, Cancelled _, Skipped _ -> true;
    };
  }
}
