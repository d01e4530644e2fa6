package dev.esteira.pipeline;

import java.time.Instant;

/** What a run's machine decided for a job; all of it is carried out in the same transaction. */
sealed interface RunCommand {
  int node();

  record Admit(int node) implements RunCommand {}

  /** Let it wait for a person. */
  record Hold(int node) implements RunCommand {}

  /** Let it wait for its time. */
  record Delay(int node, Instant until) implements RunCommand {}

  record Skip(int node) implements RunCommand {}

  /** Let a job that was skipped wait again. */
  record Reset(int node) implements RunCommand {}

  /** Another attempt of an ended job. */
  record Again(int node) implements RunCommand {}

  record Cancel(int node) implements RunCommand {}
}
