package dev.esteira.runner;

import dev.esteira.pipeline.Runs;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

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

  /** What a clone has before anybody asks for a commit: the tip of the default branch. */
  default Optional<Runs.Request> cloned(Runs.Request request) {
    return Optional.empty();
  }

  /** The submodules of the request's commit. */
  default List<Submodule> submodules(Runs.Request request) {
    return List.of();
  }

  /**
   * A directory of a commit that holds a commit of another repository.
   *
   * @param project of this house; empty when its address means none that the job may read
   */
  record Submodule(String name, String path, String url, String commit, Optional<String> project) {}
}
