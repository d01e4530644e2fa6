package dev.esteira.pipeline;

/** What a run's machine decided; all of it is carried out in the same transaction. */
sealed interface RunCommand {
  record AdmitStage(int stage) implements RunCommand {}

  record CancelStage(int stage) implements RunCommand {}

  /** Skip the jobs of this stage and of all after it. */
  record SkipFrom(int stage) implements RunCommand {}
}
