package dev.esteira.runner;

import dev.esteira.pipeline.JobRunner;
import dev.esteira.pipeline.Setting.Fact;
import java.net.URI;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** What only the run and the sandbox know, put where a plan has a token for it. */
final class FactValues {
  private static final Duration TOKEN_MARGIN = Duration.ofHours(1);

  private final Map<Fact, String> values = new EnumMap<>(Fact.class);

  FactValues(Parts parts, RunnerSettings settings, JobRunner.Assignment assignment) {
    JobRunner.Place place = assignment.place();
    String project = assignment.run().project();
    Duration lifetime = Duration.ofSeconds(assignment.job().timeoutSeconds()).plus(TOKEN_MARGIN);
    String token =
        parts.access().issueToken(Attempt.of(assignment).principal(Optional.of(project)), lifetime);
    String run = settings.consoleUrl() + "/runs/" + assignment.runId();
    Workplace workplace = Workplace.of(assignment);
    values.put(Fact.JOB_NUMBER, Long.toString(place.jobNumber()));
    values.put(Fact.JOB_TOKEN, token);
    values.put(Fact.JOB_URL, run + "#" + assignment.jobId());
    values.put(
        Fact.JOB_STARTED_AT, parts.clock().instant().truncatedTo(ChronoUnit.SECONDS).toString());
    values.put(Fact.RUN_NUMBER, Long.toString(place.runSerial()));
    values.put(Fact.RUN_NUMBER_IN_PROJECT, Long.toString(assignment.runNumber()));
    values.put(Fact.RUN_URL, run);
    values.put(
        Fact.RUN_CREATED_AT, place.runCreatedAt().truncatedTo(ChronoUnit.SECONDS).toString());
    values.put(Fact.WORKSPACE, workplace.path());
    values.put(Fact.BUILDS_DIRECTORY, workplace.builds());
    values.put(Fact.REPOSITORY_URL, repositoryUrl(settings.consoleUrl(), project, token));
    values.put(Fact.CONSOLE_URL, settings.consoleUrl());
    values.put(Fact.ENVIRONMENT_URL, "");
  }

  /** Where git clones the project with this token. */
  static String repositoryUrl(String consoleUrl, String project, String token) {
    URI console = URI.create(consoleUrl);
    return "%s://gitlab-ci-token:%s@%s/git/%s.git"
        .formatted(console.getScheme(), token, console.getAuthority(), project);
  }

  String token() {
    return values.getOrDefault(Fact.JOB_TOKEN, "");
  }

  String value(Fact fact) {
    return values.getOrDefault(fact, "");
  }

  void environmentUrl(String url) {
    values.put(Fact.ENVIRONMENT_URL, url);
  }

  /** The text with what it asks for. */
  String in(String text) {
    String result = text;
    for (Map.Entry<Fact, String> value : values.entrySet()) {
      result = result.replace(value.getKey().token(), value.getValue());
    }
    return result;
  }
}
