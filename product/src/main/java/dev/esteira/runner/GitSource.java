package dev.esteira.runner;

import dev.esteira.pipeline.JobRunner;
import dev.esteira.pipeline.Runs;
import dev.esteira.pipeline.Setting;
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
import java.util.Set;

/**
 * The sources as a script's variables ask for them (GitLab runner, git strategy and shallow
 * cloning), with an origin that the job's own token opens.
 */
final class GitSource {
  private static final Set<String> STRATEGIES = Set.of("normal", "recursive");

  /** GitLab's own default for a project. */
  private static final int DEPTH = 20;

  private final Parts parts;
  private final RunnerSettings settings;
  private final JobRunner.Assignment assignment;
  private final JobEnvironment environment;
  private final Map<String, String> variables;

  GitSource(
      Parts parts,
      RunnerSettings settings,
      JobRunner.Assignment assignment,
      JobEnvironment environment) {
    this.parts = parts;
    this.settings = settings;
    this.assignment = assignment;
    this.environment = environment;
    this.variables = environment.values();
  }

  /** Fills the workspace; returns what people should know. */
  List<String> fill(Path workspace) {
    String strategy = variables.getOrDefault("GIT_STRATEGY", "clone");
    if (assignment.job().setting().source() == Setting.Source.NONE
        || strategy.equals("none")
        || strategy.equals("empty")) {
      return List.of("No sources: the git strategy of this job is '" + strategy + "'");
    }
    List<String> notices = new ArrayList<>();
    int depth = depth("GIT_DEPTH", DEPTH, notices);
    Runs.Request request = wanted(notices);
    parts.sources().materialize(request, workspace, depth);
    origin(workspace);
    submodules(request, workspace, depth, notices);
    return notices;
  }

  /** Without a checkout, a clone stays where it began. */
  private Runs.Request wanted(List<String> notices) {
    if (!variables.getOrDefault("GIT_CHECKOUT", "true").equals("false")) {
      return assignment.run();
    }
    Optional<Runs.Request> cloned = parts.sources().cloned(assignment.run());
    cloned.ifPresent(c ->
        notices.add(
            "GIT_CHECKOUT is false: these are the files of " + c.ref() + ", " + c.commit()));
    return cloned.orElse(assignment.run());
  }

  private void submodules(Runs.Request request, Path workspace, int depth, List<String> notices) {
    String strategy = variables.getOrDefault("GIT_SUBMODULE_STRATEGY", "none");
    if (strategy.equals("none") || strategy.isEmpty()) {
      return;
    }
    if (!STRATEGIES.contains(strategy)) {
      throw new JobFailure(
          "GIT_SUBMODULE_STRATEGY is '%s', but it must be none, normal or recursive"
              .formatted(strategy));
    }
    Submodules modules =
        new Submodules(
            parts.sources(),
            project ->
                FactValues.repositoryUrl(settings.consoleUrl(), project, environment.token()),
            strategy.equals("recursive"),
            depth("GIT_SUBMODULE_DEPTH", depth, notices));
    modules.fill(request, workspace);
    notices.addAll(modules.notices());
    if (!modules.script().isEmpty()) {
      Attempt.of(assignment).control(parts.home()).submodules(modules.script());
    }
  }

  private int depth(String name, int usual, List<String> notices) {
    String text = variables.getOrDefault(name, "");
    try {
      return text.isEmpty() ? usual : Math.max(0, Integer.parseInt(text.strip()));
    } catch (NumberFormatException e) {
      notices.add(name + " is '" + text + "', which is no number; " + usual + " is taken");
      return usual;
    }
  }

  private void origin(Path workspace) {
    Path config = workspace.resolve(".git/config");
    if (!Files.isRegularFile(config, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    String url =
        FactValues.repositoryUrl(
            settings.consoleUrl(), assignment.run().project(), environment.token());
    try {
      Files.writeString(
          config,
          """
          [remote "origin"]
          \turl = %s
          \tfetch = +refs/heads/*:refs/remotes/origin/*
          """
              .formatted(url),
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + config, e);
    }
  }
}
