package dev.esteira.pipeline;

import java.util.Optional;

/**
 * A front end: finds its file in a commit and compiles it to a plan. Pure but for reading files.
 */
public interface Dialect {
  /** Reads files of the commit that is being planned. */
  interface Tree {
    /** The text of a file, or empty when there is none. Limit 1 MiB. */
    Optional<String> read(String path);
  }

  /**
   * The plan, or empty when the tree has no file of this dialect. A file that breaks the rules is
   * an {@code INVALID} failure that names file and line.
   */
  Optional<Plan> plan(Tree tree, Runs.Request request);
}
