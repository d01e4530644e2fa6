package dev.esteira.app;

import dev.esteira.images.BaseImages;
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
 * Jobs that name no image, and whose commands call Node.js, Java, Maven or Docker Compose, run in
 * the standard image with those in it; all others need not wait for so much.
 */
record Toolchains(Dialect dialect) implements Dialect {
  /** A tool where a command begins: on a line, behind an operator or a word of the shell. */
  private static final Pattern CALL =
      Pattern.compile(
          "(?:^|[;&|(`]|\\b(?:then|do|else|sudo|exec|time|if)\\s)\\s*(?:[A-Za-z_]\\w*=\\S*\\s+)*"
              + "(npm|npx|node|yarn|mvn|(?:\\./|sh |bash )?mvnw|java|javac|jar"
              + "|(?:\\./|sh |bash )?gradlew|docker-compose|docker compose)(?=[\\s;&|)\"'`]|$)");

  private static final Pattern MAJOR = Pattern.compile("\\D*(\\d{1,3}).*");
  private static final int NODE = 20;

  @Override
  public boolean everyRef() {
    return dialect.everyRef();
  }

  @Override
  public Optional<Plan> plan(Tree tree, Runs.Request request) {
    return dialect.plan(tree, request).map(Toolchains::applied);
  }

  /** The plan with the images that its jobs need. */
  static Plan applied(Plan plan) {
    List<Plan.Notice> notices = new ArrayList<>(plan.notices());
    List<Plan.Stage> stages =
        plan.stages().stream()
            .map(stage ->
                new Plan.Stage(
                    stage.name(),
                    stage.jobs().stream().map(j -> withTools(j, plan.file(), notices)).toList()))
            .toList();
    return new Plan(
        plan.dialect(), plan.file(), stages, notices, plan.omitted(), plan.autoCancel());
  }

  private static Plan.Job withTools(Plan.Job job, String file, List<Plan.Notice> notices) {
    Optional<Plan.Command> call = call(job);
    if (call.isEmpty()) {
      return job;
    }
    String image = BaseImages.TOOLS + node(job);
    notices.add(
        new Plan.Notice(
            file,
            call.get().line(),
            "job %s calls %s and names no image: it runs in %s"
                .formatted(job.name(), called(call.get()).orElse(""), image)));
    return job.in(image);
  }

  /** The Node.js of {@code runtime-versions}: {@code 18}, {@code 18.x} or {@code latest}. */
  private static int node(Plan.Job job) {
    return Optional.ofNullable(job.setting().runtimes().get("nodejs"))
        .map(MAJOR::matcher)
        .filter(Matcher::matches)
        .map(matcher -> Integer.parseInt(matcher.group(1)))
        .orElse(NODE);
  }

  private static Optional<Plan.Command> call(Plan.Job job) {
    if (!job.image().equals(Plan.STANDARD_IMAGE)) {
      return Optional.empty();
    }
    return job.sections().stream()
        .flatMap(s -> Stream.concat(s.commands().stream(), s.finallyCommands().stream()))
        .filter(command -> called(command).isPresent())
        .findFirst();
  }

  private static Optional<String> called(Plan.Command command) {
    return command
        .text()
        .lines()
        .map(String::strip)
        .map(CALL::matcher)
        .filter(Matcher::find)
        .map(matcher -> matcher.group(1))
        .findFirst();
  }
}
