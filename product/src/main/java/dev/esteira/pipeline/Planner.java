package dev.esteira.pipeline;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Asks the dialects, one after another, for the plan of a commit. */
record Planner(List<Dialect> dialects, DurableRuns.Trees trees) {
  private static final Pattern BUILDSPEC =
      Pattern.compile("(?:^|/)[^/]*build-?spec[^/]*\\.ya?ml$", Pattern.CASE_INSENSITIVE);
  private static final String FILES = "buildspec.yml or .gitlab-ci.yml at its root";
  private static final int NOTICES_SHOWN_MAX = 10;

  Planner {
    dialects = List.copyOf(dialects);
  }

  /**
   * A file that breaks the rules is a failure told in the answer.
   *
   * @param everyRef whether only dialects for any branch and tag are asked
   * @param files texts by path that stand before those of the commit
   */
  Runs.Planned plan(Runs.Request request, boolean everyRef, Map<String, String> files) {
    Dialect.Tree commit = trees.of(request.project(), request.commit());
    Dialect.Tree tree = files.isEmpty() ? commit : new Overlay(commit, files);
    for (Dialect dialect : dialects) {
      if (everyRef && !dialect.everyRef()) {
        continue;
      }
      try {
        Optional<Plan> plan = dialect.plan(tree, request);
        if (plan.isPresent()) {
          return new Runs.Planned(plan, "", true, dialect.everyRef());
        }
      } catch (EsteiraException e) {
        if (e.code() == ErrorCode.INVALID || e.code() == ErrorCode.LIMIT) {
          return new Runs.Planned(Optional.empty(), e.text(), true, dialect.everyRef());
        }
        throw e;
      }
    }
    String text =
        "commit %s has no delivery file, such as %s%s"
            .formatted(request.commit(), FILES, elsewhere(tree));
    return new Runs.Planned(Optional.empty(), text, false, false);
  }

  /** Buildspecs that bear other names, or lie deeper: which of them is meant, people must say. */
  private static String elsewhere(Dialect.Tree tree) {
    List<String> found =
        tree.files().stream()
            .filter(path -> BUILDSPEC.matcher(path).find())
            .limit(NOTICES_SHOWN_MAX)
            .toList();
    return found.isEmpty()
        ? ""
        : ("; it has %s, which a project made for it runs:"
                + " ./esteira project create NAME --buildspec %s")
            .formatted(String.join(", ", found), found.getFirst());
  }

  Optional<DurableRuns.Tip> tip(String project, Optional<String> branch) {
    return trees.tip(project, branch);
  }

  static void refuseEmpty(Plan plan) {
    if (plan.stages().stream().allMatch(stage -> stage.jobs().isEmpty())) {
      String why =
          plan.notices().stream()
              .limit(NOTICES_SHOWN_MAX)
              .map(n -> "\n  " + n.file() + ":" + n.line() + ": " + n.text())
              .collect(Collectors.joining());
      throw EsteiraException.invalid("no job of " + plan.file() + " is for this" + why);
    }
  }

  /** A commit with some files in place of its own. */
  private record Overlay(Dialect.Tree under, Map<String, String> texts) implements Dialect.Tree {
    @Override
    public Optional<String> read(String path) {
      return Optional.ofNullable(texts.get(path)).or(() -> under.read(path));
    }

    @Override
    public List<String> files() {
      return under.files();
    }

    @Override
    public Optional<List<String>> changed(String from, String to) {
      return under.changed(from, to);
    }

    @Override
    public Dialect.Commit commit() {
      return under.commit();
    }

    @Override
    public boolean knowsOthers() {
      return under.knowsOthers();
    }

    @Override
    public List<String> tags() {
      return under.tags();
    }

    @Override
    public Optional<Dialect.Tree> other(String project, Optional<String> revision) {
      return under.other(project, revision);
    }
  }
}
