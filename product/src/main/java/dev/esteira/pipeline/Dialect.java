package dev.esteira.pipeline;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A front end: finds its file in a commit and compiles it to a plan. Pure but for reading files.
 */
public interface Dialect {
  /** Reads files of the commit that is being planned. */
  interface Tree {
    /** The text of a file, or empty when there is none. Limit 1 MiB. */
    Optional<String> read(String path);

    /** The paths of all files of the commit, at most 100,000. */
    default List<String> files() {
      return List.of();
    }

    /**
     * The paths that differ between two commits, named by id, branch or tag; empty when one of them
     * is not there.
     */
    default Optional<List<String>> changed(String from, String to) {
      return Optional.empty();
    }

    /** The commit that is planned. */
    default Commit commit() {
      return Commit.UNKNOWN;
    }

    /** The names of the project's tags, in no order, at most 10,000. */
    default List<String> tags() {
      return List.of();
    }

    /** Whether other projects could be found at all. */
    default boolean knowsOthers() {
      return true;
    }

    /** The files of another project at a branch, tag or id; empty when there is no such one. */
    default Optional<Tree> other(String project, Optional<String> revision) {
      return Optional.empty();
    }
  }

  /** What a commit says of itself; {@code time} is ISO 8601 with offset. */
  record Commit(String message, String author, String email, String time) {
    public static final Commit UNKNOWN = new Commit("", "", "", "1970-01-01T00:00:00+00:00");

    private static final Pattern SKIP =
        Pattern.compile("\\[(ci[ _-]skip|skip[ _-]ci)]", Pattern.CASE_INSENSITIVE);

    /** Whether its message says that a push of it starts no run. */
    public boolean asksForNoRun() {
      return SKIP.matcher(message).find();
    }
  }

  /** Whether a push of any branch or tag starts a run, or of the default branch alone. */
  default boolean everyRef() {
    return true;
  }

  /**
   * The plan, or empty when the tree has no file of this dialect. A file that breaks the rules is
   * an {@code INVALID} failure that names file and line.
   */
  Optional<Plan> plan(Tree tree, Runs.Request request);
}
