package dev.esteira.pipeline;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run will do, whichever dialect it was written in: stages one after another, the jobs of a
 * stage side by side.
 */
public record Plan(String dialect, String file, List<Stage> stages, List<Notice> notices) {
  public Plan {
    stages = List.copyOf(stages);
    notices = List.copyOf(notices);
  }

  /** A stage: it succeeds when all its jobs do. */
  public record Stage(String name, List<Job> jobs) {
    public Stage {
      jobs = List.copyOf(jobs);
    }
  }

  /** How a job's commands run in a shell. */
  public enum ShellRule {
    /** One shell for all; the exit code of each command is tested (buildspec 0.2). */
    EACH_COMMAND,
    /** A new shell for each command (buildspec 0.1). */
    SHELL_EACH,
    /** The section is one script under {@code set -eo pipefail} (GitLab). */
    WHOLE_SCRIPT
  }

  /** When a section runs. */
  public enum Condition {
    /** While nothing before it has failed. */
    SUCCEEDING,
    /** When the named section began, even if it failed (post_build after build). */
    IF_BEGAN,
    /** Always. */
    ALWAYS
  }

  /** A phase, or a script: its commands in order. {@code finallyCommands} always follow. */
  public record Section(
      String name,
      Condition condition,
      String conditionOn,
      List<Command> commands,
      List<Command> finallyCommands,
      boolean continueOnFailure) {
    public Section {
      commands = List.copyOf(commands);
      finallyCommands = List.copyOf(finallyCommands);
    }
  }

  /** A command as written, with the line of the file where it stands. */
  public record Command(String text, int line) {}

  /** Files to keep after the job. */
  public record Artifacts(
      String name,
      String baseDirectory,
      List<String> files,
      List<String> excludes,
      boolean discardPaths) {
    public Artifacts {
      files = List.copyOf(files);
      excludes = List.copyOf(excludes);
    }
  }

  /** One job: one sandbox. {@code image} is a name as written, or the standard image's. */
  public record Job(
      String name,
      String image,
      ShellRule shellRule,
      String shell,
      Map<String, String> variables,
      List<Section> sections,
      List<Artifacts> artifacts,
      List<String> cachePaths,
      Optional<String> runAs,
      int timeoutSeconds) {
    public Job {
      variables = Map.copyOf(variables);
      sections = List.copyOf(sections);
      artifacts = List.copyOf(artifacts);
      cachePaths = List.copyOf(cachePaths);
    }
  }

  /** Something a person should know, which fails nothing. */
  public record Notice(String file, int line, String text) {}
}
