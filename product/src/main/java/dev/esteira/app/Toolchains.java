package dev.esteira.app;

import dev.esteira.pipeline.Dialect;
import dev.esteira.pipeline.Plan;
import dev.esteira.pipeline.Runs;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Jobs that name no image, and whose commands call Node.js, Java, Maven or Docker Compose, an old
 * Python that they ask for, or Go, run in the standard image with those in it; all others need not
 * wait for so much.
 */
record Toolchains(Dialect dialect) implements Dialect {
  /** Where a command begins: on a line, behind an operator or a word of the shell. */
  private static final String BEGINS =
      "(?:^|[;&|(`]|\\b(?:then|do|else|sudo|exec|time|if)\\s)\\s*(?:[A-Za-z_]\\w*=\\S*\\s+)*";

  private static final String ENDS = "(?=[\\s;&|)\"'`]|$)";

  private static final Pattern CALL =
      Pattern.compile(
          BEGINS
              + "(npm|npx|node|yarn|mvn|(?:\\./|sh |bash )?mvnw|java|javac|jar"
              + "|(?:\\./|sh |bash )?gradlew|docker-compose|docker compose)"
              + ENDS);

  private static final Pattern PYTHON_CALL =
      Pattern.compile(BEGINS + "(python3?|pip3?|pytest|tox|flake8|virtualenv)" + ENDS);

  private static final Pattern GO_CALL = Pattern.compile(BEGINS + "(go)" + ENDS);

  @Override
  public boolean everyRef() {
    return dialect.everyRef();
  }

  @Override
  public Optional<Plan> plan(Tree tree, Runs.Request request) {
    return dialect.plan(tree, request).map(plan -> applied(plan, tree));
  }

  /** The plan with the images that its jobs need. */
  static Plan applied(Plan plan) {
    return applied(plan, _ -> Optional.empty());
  }

  private static Plan applied(Plan plan, Tree tree) {
    List<Plan.Notice> notices = new ArrayList<>(plan.notices());
    List<Plan.Stage> stages =
        plan.stages().stream()
            .map(stage ->
                new Plan.Stage(
                    stage.name(),
                    stage.jobs().stream()
                        .map(job -> withTools(job, tree, plan.file(), notices))
                        .toList()))
            .toList();
    return new Plan(
        plan.dialect(), plan.file(), stages, notices, plan.omitted(), plan.autoCancel());
  }

  private static Plan.Job withTools(
      Plan.Job job, Tree tree, String file, List<Plan.Notice> notices) {
    Optional<Need> need = need(job, WantedTools.of(job.setting().runtimes(), tree));
    if (need.isEmpty()) {
      return job;
    }
    notices.add(
        new Plan.Notice(
            file,
            need.get().line(),
            "job %s calls %s and names no image: it runs in %s"
                .formatted(job.name(), need.get().tool(), need.get().image())));
    return job.in(need.get().image());
  }

  /** The tool that decides, where it is called, and the image that has it. */
  private record Need(String tool, int line, String image) {}

  private static Optional<Need> need(Plan.Job job, WantedTools tools) {
    if (!job.image().equals(Plan.STANDARD_IMAGE)) {
      return Optional.empty();
    }
    return need(job, CALL, tools.image())
        .or(() ->
            tools
                .python()
                .flatMap(version -> need(job, PYTHON_CALL, "esteira/tools-python:" + version)))
        .or(() -> need(job, GO_CALL, "esteira/tools-go:" + tools.go()));
  }

  private static Optional<Need> need(Plan.Job job, Pattern call, String image) {
    return job.sections().stream()
        .flatMap(s -> Stream.concat(s.commands().stream(), s.finallyCommands().stream()))
        .flatMap(command ->
            command
                .text()
                .lines()
                .map(String::strip)
                .map(call::matcher)
                .filter(Matcher::find)
                .map(matcher -> new Need(matcher.group(1), command.line(), image)))
        .findFirst();
  }
}
