package dev.esteira.pipeline;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Optional;

/** Where a run is; {@link RunMachine} draws the picture. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
  @JsonSubTypes.Type(value = RunState.Planned.class, name = "planned"),
  @JsonSubTypes.Type(value = RunState.Active.class, name = "active"),
  @JsonSubTypes.Type(value = RunState.Succeeded.class, name = "succeeded"),
  @JsonSubTypes.Type(value = RunState.Failed.class, name = "failed"),
  @JsonSubTypes.Type(value = RunState.Cancelled.class, name = "cancelled"),
})
sealed interface RunState {
  /** Has a plan; {@code stageSizes} counts the jobs of each stage. */
  record Planned(List<Integer> stageSizes) implements RunState {
    public Planned {
      stageSizes = List.copyOf(stageSizes);
    }
  }

  /**
   * Works on a stage.
   *
   * @param open how many jobs of the stage have not ended
   * @param failure the first failure of the stage
   * @param stopping whether a person or the time limit asked for its end
   */
  record Active(
      List<Integer> stageSizes,
      int stage,
      int open,
      Optional<String> failure,
      boolean cancelled,
      boolean stopping)
      implements RunState {
    public Active {
      stageSizes = List.copyOf(stageSizes);
    }
  }

  record Succeeded() implements RunState {}

  record Failed(String failure) implements RunState {}

  record Cancelled() implements RunState {}

  default boolean ended() {
    return switch (this) {
      case Planned _, Active _ -> false;
      case Succeeded _, Failed _, Cancelled _ -> true;
    };
  }
}
