package dev.esteira.runner;

import dev.esteira.pipeline.JobRunner;
import dev.esteira.pipeline.Plan;
import dev.esteira.pipeline.Runs;
import java.util.LinkedHashMap;
import java.util.Map;

/** What CodeBuild tells every build (AWS CodeBuild user guide, environment variables). */
final class CodebuildVariables {
  private CodebuildVariables() {}

  static Map<String, String> of(
      Parts parts, RunnerSettings settings, JobRunner.Assignment assignment) {
    Runs.Request run = assignment.run();
    Plan.Job job = assignment.job();
    String build = run.project() + ":" + assignment.jobId();
    Map<String, String> values = new LinkedHashMap<>();
    values.put("HOME", job.runAs().map(user -> "/home/" + user).orElse("/root"));
    // As there, CI itself is not set: with it, tools take warnings for errors.
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
    values.put("CODEBUILD_SRC_DIR", Workplace.of(assignment).path());
    values.put("CODEBUILD_START_TIME", Long.toString(parts.clock().instant().toEpochMilli()));
    values.put("CODEBUILD_LOG_PATH", Attempt.of(assignment).logStream());
    values.put("CODEBUILD_WEBHOOK_EVENT", "PUSH");
    values.put("CODEBUILD_WEBHOOK_HEAD_REF", run.ref());
    values.put("CODEBUILD_WEBHOOK_TRIGGER", run.ref().replaceFirst("^refs/heads/", "branch/"));
    return values;
  }
}
