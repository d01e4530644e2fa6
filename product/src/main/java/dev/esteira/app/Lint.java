package dev.esteira.app;

import dev.esteira.base.EsteiraException;
import dev.esteira.cli.LocalHouse.Finding;
import dev.esteira.cli.LocalHouse.JobAnswer;
import dev.esteira.cli.LocalHouse.Linted;
import dev.esteira.pipeline.Dialect;
import dev.esteira.pipeline.Plan;
import dev.esteira.pipeline.Runs;
import dev.esteira.pipeline.buildspec.BuildspecDialect;
import dev.esteira.pipeline.gitlab.Explanation;
import dev.esteira.pipeline.gitlab.GitlabDialect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the delivery files of a directory as the house would, without a house. */
final class Lint {
  private static final String COMMIT = "0".repeat(40);
  private static final String BRANCH = "main";
  private static final String OLD_BRANCH = "master";

  /** Where a message of a dialect says that it found something: {@code FILE:LINE: …}. */
  private static final Pattern PLACE = Pattern.compile("^([^:]+):(\\d+)(?::\\d+)?: (.*)$");

  /** Events that are tried for jobs that the asked one has not. */
  private static final List<String> OTHERS =
      List.of("push", "branch=other", "tag=v1", "merge_request", "schedule", "web");

  private final Path directory;
  private final Dialect.Tree tree;
  private final Runs.Request request;
  private final GitlabDialect gitlab;
  private final String here;
  private final String main;
  private final List<Finding> findings = new ArrayList<>();
  private final List<JobAnswer> jobs = new ArrayList<>();

  Lint(Path directory, String event) {
    this.directory = directory;
    Path root = directory.toAbsolutePath().normalize();
    this.tree = new DirectoryTree(root);
    this.here = headOf(root.resolve(".git/HEAD")).orElse(BRANCH);
    this.main =
        headOf(root.resolve(".git/refs/remotes/origin/HEAD"))
            .map(b -> b.substring(b.indexOf('/') + 1))
            .orElse(here.equals(OLD_BRANCH) ? OLD_BRANCH : BRANCH);
    this.gitlab = new GitlabDialect(new NoProjects(main));
    this.request = request("lint/" + root.getFileName(), event);
  }

  /** The branch that a git file of the form {@code ref: refs/heads/x} names. */
  private static Optional<String> headOf(Path file) {
    try {
      String text = Files.isRegularFile(file) ? Files.readString(file).strip() : "";
      return Optional.of(text)
          .filter(t -> t.startsWith("ref: refs/"))
          .map(t -> t.replaceFirst("^ref: refs/(heads|remotes)/", ""));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  Linted run() {
    BuildspecDialect buildspec = new BuildspecDialect((project, name) -> Optional.empty());
    boolean any = found(() -> gitlab.explain(tree, request).map(this::answers));
    any |= found(() -> buildspec.plan(tree, request).map(Plan::notices));
    if (!any) {
      findings.add(
          new Finding(
              directory.toString(),
              0,
              "error",
              "no delivery file (%s or %s)"
                  .formatted(GitlabDialect.DEFAULT_FILE, BuildspecDialect.DEFAULT_FILE)));
    }
    return new Linted(findings, jobs);
  }

  private boolean found(Supplier<Optional<List<Plan.Notice>>> read) {
    try {
      Optional<List<Plan.Notice>> notices = read.get();
      notices.ifPresent(all ->
          all.forEach(n -> findings.add(new Finding(n.file(), n.line(), "notice", n.text()))));
      return notices.isPresent();
    } catch (EsteiraException e) {
      e.text().lines().forEach(this::error);
      return true;
    }
  }

  private void error(String line) {
    Matcher place = PLACE.matcher(line);
    findings.add(
        place.matches()
            ? new Finding(place.group(1), Integer.parseInt(place.group(2)), "error", place.group(3))
            : new Finding(directory.toString(), 0, "error", line));
  }

  private List<Plan.Notice> answers(Explanation explanation) {
    Map<String, List<String>> others = new LinkedHashMap<>();
    if (explanation.jobs().stream().anyMatch(a -> !a.created())) {
      OTHERS.forEach(event ->
          created(event)
              .forEach(job -> others.computeIfAbsent(job, j -> new ArrayList<>()).add(event)));
    }
    explanation.errors().forEach(this::error);
    explanation.pipeline().ifPresent(a -> jobs.add(answer(a, List.of())));
    explanation.jobs().forEach(a -> jobs.add(answer(a, others.getOrDefault(a.name(), List.of()))));
    return explanation.notices();
  }

  /** The jobs that another event would create. */
  private List<String> created(String event) {
    try {
      return gitlab
          .explain(tree, request(request.project(), event))
          .map(Explanation::jobs)
          .orElse(List.of())
          .stream()
          .filter(Explanation.Answer::created)
          .map(Explanation.Answer::name)
          .toList();
    } catch (EsteiraException e) {
      // What is wrong for another event is not what was asked.
      return List.of();
    }
  }

  private static JobAnswer answer(Explanation.Answer a, List<String> others) {
    return new JobAnswer(
        a.name(),
        a.stage(),
        a.created(),
        a.when(),
        a.reason(),
        a.file(),
        a.line(),
        a.looked(),
        a.created() ? List.of() : others);
  }

  /** {@code push}, {@code branch=x}, {@code tag=v1}, {@code merge_request}, or another source. */
  private Runs.Request request(String project, String event) {
    String[] parts = event.split("=", 2);
    String value = parts.length > 1 ? parts[1] : "";
    String branch = "refs/heads/" + (value.isEmpty() ? here : value);
    return switch (parts[0]) {
      case "push", "branch" -> request(project, branch, "push", Map.of());
      case "tag" ->
          request(project, "refs/tags/" + (value.isEmpty() ? "v1" : value), "push", Map.of());
      case "merge_request" ->
          request(
              project,
              "refs/merge-requests/1/head",
              "merge_request_event",
              Map.of(
                  "merge_request.iid",
                  "1",
                  "merge_request.source",
                  value.isEmpty() ? "feature" : value,
                  "merge_request.target",
                  BRANCH));
      case "schedule", "web", "api", "trigger", "pipeline", "parent_pipeline" ->
          request(project, branch, parts[0], Map.of());
      default ->
          throw EsteiraException.invalid(
              "there is no event '%s'; events are push, branch=NAME, tag=NAME, merge_request,"
                      .formatted(event)
                  + " schedule, web, api, trigger, pipeline, parent_pipeline");
    };
  }

  private static Runs.Request request(
      String project, String ref, String source, Map<String, String> facts) {
    return new Runs.Request(
        project, COMMIT, ref, "lint", source, Optional.empty(), Map.of(), facts);
  }

  /** There is no house to ask. */
  record NoProjects(String defaultBranch) implements GitlabDialect.Projects {
    @Override
    public Optional<String> setting(String project, String name) {
      return Optional.empty();
    }

    @Override
    public Optional<String> defaultBranch(String project) {
      return Optional.of(defaultBranch);
    }

    @Override
    public List<GitlabDialect.Variable> variables(
        Runs.Request request, Optional<String> environment) {
      return List.of();
    }

    @Override
    public boolean isProtected(Runs.Request request) {
      return request.ref().equals("refs/heads/" + defaultBranch);
    }

    @Override
    public Optional<String> remote(String url) {
      return Optional.of(new RemoteFiles().read(url));
    }
  }
}
