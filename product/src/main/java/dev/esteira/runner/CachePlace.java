package dev.esteira.runner;

import dev.esteira.base.Digest;
import dev.esteira.pipeline.Setting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * Where the files of a cache lie on the host. Those in the workspace lie there; those of a
 * buildspec that are elsewhere in the sandbox, such as {@code /root/.m2}, lie in the control
 * directory, and a link leads there from where the job looks for them.
 *
 * @param root the directory that holds them
 * @param patterns of the files, from there
 */
record CachePlace(Path root, List<String> patterns) {
  private static final String DIRECTORY = "cache";
  private static final int NAME_CHARACTERS = 12;

  static CachePlace of(
      Setting.Cache cache, Workplace workplace, Path workspace, ControlDirectory control) {
    Optional<String> base = base(cache, workplace);
    if (base.isEmpty()) {
      return new CachePlace(workspace, cache.paths());
    }
    String rest = cache.paths().getFirst().substring(base.get().length()).replaceFirst("^/", "");
    Path root = control.path().resolve(DIRECTORY).resolve(name(base.get()));
    return new CachePlace(root, List.of(rest));
  }

  /** Whether a path is one of the workspace. */
  static boolean isInside(String path, Workplace workplace) {
    return !path.startsWith("/")
        || path.equals(workplace.path())
        || path.startsWith(workplace.path() + "/");
  }

  /** The directory outside of the workspace that holds the cache, up to the first pattern. */
  private static Optional<String> base(Setting.Cache cache, Workplace workplace) {
    if (cache.paths().size() != 1 || isInside(cache.paths().getFirst(), workplace)) {
      return Optional.empty();
    }
    String path = cache.paths().getFirst();
    int end = path.length();
    for (int i = 0; i < path.length(); i++) {
      if (Globs.isPattern(path.substring(i, i + 1))) {
        end = path.lastIndexOf('/', i);
        break;
      }
    }
    String base = path.substring(0, end).replaceFirst("/+$", "");
    // A link in place of a directory of the system would break the sandbox.
    return base.lastIndexOf('/') > 0 && base.matches("[A-Za-z0-9_./-]+")
        ? Optional.of(base)
        : Optional.empty();
  }

  private static String name(String base) {
    return Digest.of(base.getBytes(StandardCharsets.UTF_8)).hex().substring(0, NAME_CHARACTERS);
  }

  /** Makes the directory, and has the supervisor lead the job there; nothing for the workspace. */
  static void link(Setting.Cache cache, Workplace workplace, ControlDirectory control) {
    Optional<String> base = base(cache, workplace);
    if (base.isEmpty()) {
      return;
    }
    Path root = control.path().resolve(DIRECTORY).resolve(name(base.get()));
    try {
      Files.createDirectories(root);
      Files.writeString(
          control.path().resolve("links"),
          name(base.get()) + " " + base.get() + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("could not make " + root, e);
    }
  }

  /** Whether it is what we made: a job can put a link there that leads to the host's own files. */
  boolean isSound() {
    Path parent = root.resolveSibling(".").normalize();
    return Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)
        && Files.isDirectory(parent, LinkOption.NOFOLLOW_LINKS);
  }
}
