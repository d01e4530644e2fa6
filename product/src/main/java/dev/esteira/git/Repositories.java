package dev.esteira.git;

import dev.esteira.http.Handler;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Repository;

/** The git repositories of a home, one for each project. */
public interface Repositories {
  /** One updated ref of a push. {@code newId} is all zeros when the ref was deleted. */
  record RefUpdate(String ref, String oldId, String newId) {}

  /** Hears of accepted pushes. The lines it returns appear as {@code remote:} lines. */
  interface PushListener {
    List<String> pushed(String project, List<RefUpdate> updates, String actor);

    /** With what the client gave as {@code git push -o}. */
    default List<String> pushed(
        String project, List<RefUpdate> updates, String actor, List<String> options) {
      return pushed(project, updates, actor);
    }
  }

  /**
   * The HTTP door: {@code /git/PATH.git/…}, {@code /v1/repos/NAME/…}, and GitLab's {@code
   * /group/project.git/…}.
   */
  Handler handler();

  /** Whether a path is one of the door's. */
  static boolean serves(String path) {
    return GitRequest.parse(path, "").isPresent();
  }

  void onPush(PushListener listener);

  /** Makes the bare repository; the same again is fine. */
  void create(String project);

  /** The text of a file in a commit, at most {@code bytesMax}. */
  Optional<String> read(String project, String commit, String path, int bytesMax);

  /** The paths of the files of a commit, at most {@code filesMax} of them. */
  List<String> files(String project, String commit, int filesMax);

  /** The paths that differ between two commits, at most {@code filesMax} of them. */
  List<String> changed(String project, String from, String to, int filesMax);

  /** The commit that a branch, tag or id means. */
  Optional<String> resolve(String project, String revision);

  /** The names of its tags, at most {@code tagsMax} of them. */
  List<String> tags(String project, int tagsMax);

  /** Whether a tag may have this name. */
  static boolean isTag(String name) {
    return !name.startsWith("-") && Repository.isValidRefName(Constants.R_TAGS + name);
  }

  /**
   * Makes a tag, an annotated one when there is a message. The same again is fine; a tag of this
   * name that means another commit is a {@code CONFLICT}. No listener hears of it.
   */
  void tag(String project, String name, String commit, Optional<String> message, String actor);

  /**
   * Writes the commit's files into an empty directory as they are: no line-end conversion,
   * executable bits and symbolic links kept; with a {@code .git} directory good enough for git log.
   */
  default void checkout(String project, String commit, String ref, Path directory) {
    checkout(project, commit, ref, directory, HISTORY_COMMITS);
  }

  /** How much of the history a checkout brings when nobody says. */
  int HISTORY_COMMITS = 50;

  /** The same with so many commits of the history, and the tags that point at them; 0 means all. */
  void checkout(String project, String commit, String ref, Path directory, int depth);

  /** The submodules of a commit, at most 100 of them. */
  List<Submodule> submodules(String project, String commit);

  /**
   * A directory that holds a commit of another repository.
   *
   * @param name as {@code .gitmodules} has it, and {@code url}, which is empty when it has none
   */
  record Submodule(String name, String path, String url, String commit) {}

  /** Commit message, author and time, for variables and pages. */
  CommitInfo info(String project, String commit);

  /** {@code time} is ISO 8601 with offset. */
  record CommitInfo(String id, String message, String author, String email, String time) {}
}
