package dev.esteira.pipeline;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a run will do, whichever dialect it was written in: stages one after another, the jobs of a
 * stage side by side.
 */
public record Plan(
    String dialect,
    String file,
    List<Stage> stages,
    List<Notice> notices,
    List<Omitted> omitted,
    AutoCancel autoCancel) {
  /** The image of jobs that name none, when their project names none either. */
  public static final String STANDARD_IMAGE = "esteira/standard:1";

  public Plan {
    stages = List.copyOf(stages);
    notices = List.copyOf(notices);
    omitted = List.copyOf(Absent.or(omitted, List.of()));
    autoCancel = Absent.or(autoCancel, AutoCancel.NEVER);
  }

  /** A plan of a file whose jobs all run always. */
  public Plan(String dialect, String file, List<Stage> stages, List<Notice> notices) {
    this(dialect, file, stages, notices, List.of(), AutoCancel.NEVER);
  }

  /** The same with one more notice. */
  public Plan with(Notice notice) {
    List<Notice> more = new ArrayList<>(notices);
    more.add(notice);
    return new Plan(dialect, file, stages, more, omitted, autoCancel);
  }

  /**
   * A job of the file that is not in this run, and why.
   *
   * @param reason the rule that decided, in words; {@code file} and {@code line}: where it stands
   * @param looked the variables that it looked at, secret ones masked
   */
  public record Omitted(
      String job, String stage, String reason, String file, int line, Map<String, String> looked) {
    public Omitted {
      looked = Map.copyOf(looked);
    }
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

  /** After which end of the job something is kept. */
  public enum Keep {
    ON_SUCCESS,
    ON_FAILURE,
    ALWAYS
  }

  /**
   * Files to keep after the job.
   *
   * @param expireSeconds after which they may go; empty: never
   * @param untracked whether every file that git does not know is kept as well
   * @param reports paths by kind of report, such as {@code junit} and {@code dotenv}
   */
  public record Artifacts(
      String name,
      String baseDirectory,
      List<String> files,
      List<String> excludes,
      boolean discardPaths,
      Keep keep,
      Optional<Long> expireSeconds,
      boolean untracked,
      Map<String, List<String>> reports) {
    public Artifacts {
      files = List.copyOf(files);
      excludes = List.copyOf(excludes);
      keep = Absent.or(keep, Keep.ALWAYS);
      reports = Collections.unmodifiableSortedMap(new TreeMap<>(Absent.or(reports, Map.of())));
    }

    /** Files alone, whatever became of the job, for as long as there is room. */
    public Artifacts(
        String name,
        String baseDirectory,
        List<String> files,
        List<String> excludes,
        boolean discardPaths) {
      this(
          name,
          baseDirectory,
          files,
          excludes,
          discardPaths,
          Keep.ALWAYS,
          Optional.empty(),
          false,
          Map.of());
    }
  }

  /**
   * One job: one sandbox, unless its flow triggers another pipeline. {@code image} is a name as
   * written, or the standard image's.
   *
   * <p>With {@link ShellRule#WHOLE_SCRIPT} the image, the values of the variables, and what the
   * setting and the artifacts hold may name variables ({@code $NAME}, <code>${NAME}</code>; {@code
   * $$} is a dollar sign): the runner puts their values in, for it alone knows all of them. Names
   * of environments and groups and all of a trigger are expanded by the dialect.
   *
   * @param variables the job's own: they beat the predefined ones and are beaten by the project's
   */
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
      int timeoutSeconds,
      Flow flow,
      Setting setting) {
    public Job {
      variables = Map.copyOf(variables);
      sections = List.copyOf(sections);
      artifacts = List.copyOf(artifacts);
      cachePaths = List.copyOf(cachePaths);
      flow = Absent.or(flow, Flow.PLAIN);
      setting = Absent.or(setting, Setting.PLAIN);
    }

    /** A job that runs in the order of the stages, alone in its sandbox. */
    public Job(
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
      this(
          name,
          image,
          shellRule,
          shell,
          variables,
          sections,
          artifacts,
          cachePaths,
          runAs,
          timeoutSeconds,
          Flow.PLAIN,
          Setting.PLAIN);
    }

    /** The same job in another image. */
    public Job in(String otherImage) {
      return as(otherImage, flow, setting);
    }

    /** The same job in another place of its run. */
    public Job with(Flow otherFlow) {
      return as(image, otherFlow, setting);
    }

    /** The same job with something else around its shell. */
    public Job with(Setting otherSetting) {
      return as(image, flow, otherSetting);
    }

    private Job as(String otherImage, Flow otherFlow, Setting otherSetting) {
      return new Job(
          name,
          otherImage,
          shellRule,
          shell,
          variables,
          sections,
          artifacts,
          cachePaths,
          runAs,
          timeoutSeconds,
          otherFlow,
          otherSetting);
    }
  }

  /** Something a person should know, which fails nothing. */
  public record Notice(String file, int line, String text) {}
}
