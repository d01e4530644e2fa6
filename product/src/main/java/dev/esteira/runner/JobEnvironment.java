package dev.esteira.runner;

import dev.esteira.access.Access;
import dev.esteira.pipeline.JobRunner;
import dev.esteira.pipeline.Plan;
import dev.esteira.pipeline.Runs;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The variables of a job: predefined ones, over them the buildspec's, over them the project's (AWS
 * CodeBuild user guide, environment variables).
 */
final class JobEnvironment {
  private static final Duration KEY_MARGIN = Duration.ofHours(1);
  private static final List<String> CA_VARIABLES =
      List.of(
          "AWS_CA_BUNDLE",
          "SSL_CERT_FILE",
          "CURL_CA_BUNDLE",
          "REQUESTS_CA_BUNDLE",
          "PIP_CERT",
          "GIT_SSL_CAINFO",
          "NODE_EXTRA_CA_CERTS");

  private final Parts parts;
  private final RunnerSettings settings;
  private final JobRunner.Assignment assignment;
  private final Attempt attempt;
  private final Map<String, String> values = new LinkedHashMap<>();
  private final Map<String, String> files = new LinkedHashMap<>();
  private final List<String> secretNames = new ArrayList<>();
  private final List<String> secrets = new ArrayList<>();

  JobEnvironment(Parts parts, RunnerSettings settings, JobRunner.Assignment assignment) {
    this.parts = parts;
    this.settings = settings;
    this.assignment = assignment;
    this.attempt = Attempt.of(assignment);
    predefined();
    credentials();
    trust();
    values.putAll(assignment.job().variables());
    project();
  }

  /** As the engine takes them. */
  List<String> list() {
    List<String> list = new ArrayList<>();
    values.forEach((name, value) -> list.add(name + "=" + value));
    return list;
  }

  /** Contents of the variables that are files, by variable. */
  Map<String, String> files() {
    return Map.copyOf(files);
  }

  List<String> secretNames() {
    return List.copyOf(secretNames);
  }

  List<String> secrets() {
    return List.copyOf(secrets);
  }

  private void predefined() {
    Runs.Request run = assignment.run();
    Plan.Job job = assignment.job();
    String build = run.project() + ":" + assignment.jobId();
    Instant now = parts.clock().instant();
    values.put("HOME", job.runAs().map(user -> "/home/" + user).orElse("/root"));
    values.put("CI", "true");
    values.put("CODEBUILD_CI", "true");
    values.put("CODEBUILD_BUILD_ID", build);
    values.put(
        "CODEBUILD_BUILD_ARN",
        "arn:aws:codebuild:%s:%s:build/%s"
            .formatted(settings.region(), parts.access().accountId(), build));
    values.put("CODEBUILD_BUILD_NUMBER", Long.toString(assignment.runNumber()));
    values.put("CODEBUILD_BUILD_IMAGE", job.image());
    values.put("CODEBUILD_BUILD_SUCCEEDING", "1");
    values.put("CODEBUILD_INITIATOR", run.actor());
    values.put("CODEBUILD_RESOLVED_SOURCE_VERSION", run.commit());
    values.put("CODEBUILD_SOURCE_VERSION", run.ref());
    values.put("CODEBUILD_SOURCE_REPO_URL", parts.sources().repositoryUrl(run));
    values.put("CODEBUILD_SRC_DIR", Attempt.inside(run.project()));
    values.put("CODEBUILD_START_TIME", Long.toString(now.toEpochMilli()));
    values.put("CODEBUILD_LOG_PATH", attempt.logStream());
    values.put("CODEBUILD_WEBHOOK_EVENT", "PUSH");
    values.put("CODEBUILD_WEBHOOK_HEAD_REF", run.ref());
    values.put("CODEBUILD_WEBHOOK_TRIGGER", run.ref().replaceFirst("^refs/heads/", "branch/"));
  }

  private void credentials() {
    Duration lifetime = Duration.ofSeconds(assignment.job().timeoutSeconds()).plus(KEY_MARGIN);
    Access.AwsKey key =
        parts
            .access()
            .issueKey(attempt.principal(Optional.of(assignment.run().project())), lifetime);
    values.put("AWS_REGION", settings.region());
    values.put("AWS_DEFAULT_REGION", settings.region());
    values.put("AWS_ENDPOINT_URL", settings.awsEndpointUrl());
    values.put("AWS_ACCESS_KEY_ID", key.accessKeyId());
    values.put("AWS_SECRET_ACCESS_KEY", key.secretAccessKey());
    secret("AWS_SECRET_ACCESS_KEY", key.secretAccessKey());
  }

  private void trust() {
    if (Files.exists(settings.caBundle())) {
      CA_VARIABLES.forEach(name -> values.put(name, ControlDirectory.INSIDE + "/ca.pem"));
    }
  }

  private void project() {
    for (Access.Variable variable : parts.access().effectiveVariables(assignment.run().project())) {
      if (variable.file()) {
        files.put(variable.name(), variable.value());
        values.put(variable.name(), ControlDirectory.INSIDE + "/variables/" + variable.name());
      } else {
        values.put(variable.name(), variable.value());
      }
      if (variable.secret()) {
        secret(variable.name(), variable.value());
      }
    }
  }

  private void secret(String name, String value) {
    secretNames.add(name);
    secrets.add(value);
  }
}
