package dev.esteira.runner;

import dev.esteira.pipeline.Runs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Fills the directories of submodules that are commits of projects here. Others are left to the
 * job's own git: what it has to say stands in a file that the script begins with.
 */
final class Submodules {
  private static final int DEEP_MAX = 10;

  private final SourceProvider sources;
  private final UnaryOperator<String> address;
  private final boolean recursive;
  private final int depth;
  private final List<String> filled = new ArrayList<>();
  private final List<String> left = new ArrayList<>();

  /**
   * Fills from these sources.
   *
   * @param address where the job's git finds a project
   * @param depth how many commits of each come
   */
  Submodules(SourceProvider sources, UnaryOperator<String> address, boolean recursive, int depth) {
    this.sources = sources;
    this.address = address;
    this.recursive = recursive;
    this.depth = depth;
  }

  void fill(Runs.Request request, Path workspace) {
    fill(request, workspace, "", 0);
  }

  private void fill(Runs.Request request, Path directory, String prefix, int deep) {
    for (SourceProvider.Submodule module : sources.submodules(request)) {
      Path inside = directory.resolve(module.path());
      if (module.project().isEmpty() || !Files.isDirectory(inside, LinkOption.NOFOLLOW_LINKS)) {
        left.add(prefix + module.path());
        continue;
      }
      Runs.Request of =
          new Runs.Request(
              module.project().get(),
              module.commit(),
              "",
              request.actor(),
              request.source(),
              Optional.empty(),
              Map.of(),
              Map.of());
      sources.materialize(of, inside, depth);
      String url = address.apply(module.project().get());
      append(
          directory.resolve(".git/config"),
          "[submodule \"" + module.name() + "\"]\n\tactive = true\n\turl = " + url + "\n");
      append(inside.resolve(".git/config"), "[remote \"origin\"]\n\turl = " + url + "\n");
      filled.add(prefix + module.path());
      if (recursive && deep < DEEP_MAX) {
        fill(of, inside, prefix + module.path() + "/", deep + 1);
      }
    }
  }

  private static void append(Path config, String text) {
    try {
      Files.writeString(config, text, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + config, e);
    }
  }

  /** What people should know. */
  List<String> notices() {
    List<String> notices = new ArrayList<>();
    if (!filled.isEmpty()) {
      notices.add("Submodules: " + String.join(", ", filled));
    }
    if (!left.isEmpty()) {
      notices.add("Submodules of other places, for the job's own git: " + String.join(", ", left));
    }
    return notices;
  }

  /** What the job's shell does for those that are left; empty when there are none. */
  String script() {
    StringBuilder script = new StringBuilder();
    for (String path : left) {
      // One within another that is filled belongs to that one's repository.
      String owner =
          filled.stream()
              .filter(f -> path.startsWith(f + "/"))
              .max((a, b) -> Integer.compare(a.length(), b.length()))
              .orElse("");
      String within = owner.isEmpty() ? path : path.substring(owner.length() + 1);
      script
          .append("git -C ")
          .append(JobScript.quoted(owner.isEmpty() ? "." : owner))
          .append(" submodule update --init")
          .append(recursive ? " --recursive" : "")
          .append(depth > 0 ? " --depth " + depth : "")
          .append(" -- ")
          .append(JobScript.quoted(within))
          .append('\n');
    }
    return script.toString();
  }
}
