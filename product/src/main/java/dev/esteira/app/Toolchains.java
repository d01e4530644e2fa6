package dev.esteira.app;

import dev.esteira.images.BaseImages;
import dev.esteira.pipeline.Dialect;
import dev.esteira.pipeline.Plan;
import dev.esteira.pipeline.Runs;
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

  /** What the buildspec dialect says of {@code runtime-versions}. */
  private static final Pattern NODE_ASKED =
      Pattern.compile("runtime-versions: nodejs \\D*([0-9]+)\\S* is asked for");

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
    int node =
        plan.notices().stream()
            .map(notice -> NODE_ASKED.matcher(notice.text()))
            .filter(Matcher::find)
            .map(matcher -> Integer.valueOf(matcher.group(1)))
            .findFirst()
            .orElse(NODE);
    String image = BaseImages.TOOLS + node;
    Plan result = plan;
    List<Plan.Stage> stages =
        plan.stages().stream()
            .map(stage ->
                new Plan.Stage(
                    stage.name(), stage.jobs().stream().map(j -> withTools(j, image)).toList()))
            .toList();
    for (Plan.Job job : plan.stages().stream().flatMap(s -> s.jobs().stream()).toList()) {
      Optional<Plan.Command> call = call(job);
      if (call.isPresent()) {
        result =
            result.with(
                new Plan.Notice(
                    plan.file(),
                    call.get().line(),
                    "job %s calls %s and names no image: it runs in %s"
                        .formatted(job.name(), called(call.get()).orElse(""), image)));
      }
    }
    return new Plan(
        result.dialect(),
        result.file(),
        stages,
        result.notices(),
        result.omitted(),
        result.autoCancel());
  }

  private static Plan.Job withTools(Plan.Job job, String image) {
    return call(job).isEmpty()
        ? job
        : new Plan.Job(
            job.name(),
            image,
            job.shellRule(),
            job.shell(),
            job.variables(),
            job.sections(),
            job.artifacts(),
            job.cachePaths(),
            job.runAs(),
            job.timeoutSeconds(),
            job.flow(),
            job.setting());
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
