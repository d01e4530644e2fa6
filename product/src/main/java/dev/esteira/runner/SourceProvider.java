package dev.esteira.runner;

import dev.esteira.pipeline.Runs;
import java.nio.file.Path;

/** Brings the sources of a run into a job's workspace. */
@FunctionalInterface
public interface SourceProvider {
  /** Writes the files of the run's commit, as they are, into this empty directory. */
  void materialize(Runs.Request request, Path directory);

  /** The same with so many commits of the history; 0 means all. */
  default void materialize(Runs.Request request, Path directory, int depth) {
    materialize(request, directory);
  }

  /** Where a client would clone the sources from; empty when there is no such place. */
  default String repositoryUrl(Runs.Request request) {
    return "";
  }
}
