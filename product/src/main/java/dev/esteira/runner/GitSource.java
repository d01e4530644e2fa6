package dev.esteira.runner;

import dev.esteira.pipeline.JobRunner;
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

/**
 * The sources as a script's variables ask for them (GitLab runner, git strategy and shallow
 * cloning), with an origin that the job's own token opens.
 */
final class GitSource {
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
    parts.sources().materialize(assignment.run(), workspace, depth(notices));
    origin(workspace);
    String submodules = variables.getOrDefault("GIT_SUBMODULE_STRATEGY", "none");
    if (!submodules.equals("none") && Files.exists(workspace.resolve(".gitmodules"))) {
      notices.add(
          "Submodules are not fetched here: a line 'git submodule update --init' in before_script"
              + " fetches those whose addresses the job can reach");
    }
    return notices;
  }

  private int depth(List<String> notices) {
    String text = variables.getOrDefault("GIT_DEPTH", "");
    try {
      return text.isEmpty() ? DEPTH : Math.max(0, Integer.parseInt(text.strip()));
    } catch (NumberFormatException e) {
      notices.add("GIT_DEPTH is '" + text + "', which is no number; " + DEPTH + " is taken");
      return DEPTH;
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
