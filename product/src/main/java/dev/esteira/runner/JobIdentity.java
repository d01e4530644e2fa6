package dev.esteira.runner;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.access.IdTokens;
import dev.esteira.base.Ids;
import dev.esteira.base.Json;
import dev.esteira.pipeline.Flow;
import dev.esteira.pipeline.JobRunner;
import dev.esteira.pipeline.Runs;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a job's id tokens say of it (GitLab, OpenID Connect tokens, payload). */
final class JobIdentity {
  private static final int ID_CHARACTERS = 32;
  private static final long BEFORE_SECONDS = 5;

  private final Parts parts;
  private final JobRunner.Assignment assignment;
  private final Map<String, String> variables;

  /** The predefined variables of the job hold most of it. */
  JobIdentity(Parts parts, JobRunner.Assignment assignment, Map<String, String> variables) {
    this.parts = parts;
    this.assignment = assignment;
    this.variables = Map.copyOf(variables);
  }

  /** A token for these audiences, which holds for as long as the job may last. */
  String token(List<String> audiences) {
    Instant now = parts.clock().instant();
    ObjectNode claims = Json.object();
    claims.put("iss", IdTokens.ISSUER).put("sub", subject());
    if (audiences.size() == 1) {
      claims.put("aud", audiences.getFirst());
    } else {
      audiences.forEach(claims.putArray("aud")::add);
    }
    claims
        .put("iat", now.getEpochSecond())
        .put("nbf", now.getEpochSecond() - BEFORE_SECONDS)
        .put("exp", now.getEpochSecond() + assignment.job().timeoutSeconds())
        .put("jti", assignment.jobId() + "." + Ids.hex(ID_CHARACTERS));
    job(claims);
    return parts.access().idTokens().sign(claims);
  }

  private void job(ObjectNode claims) {
    Runs.Request run = assignment.run();
    of(claims, "namespace_id", "CI_PROJECT_NAMESPACE_ID");
    of(claims, "namespace_path", "CI_PROJECT_NAMESPACE");
    of(claims, "project_id", "CI_PROJECT_ID");
    of(claims, "project_path", "CI_PROJECT_PATH");
    of(claims, "project_visibility", "CI_PROJECT_VISIBILITY");
    of(claims, "user_id", "GITLAB_USER_ID");
    of(claims, "user_login", "GITLAB_USER_LOGIN");
    of(claims, "user_email", "GITLAB_USER_EMAIL");
    of(claims, "pipeline_id", "CI_PIPELINE_ID");
    of(claims, "pipeline_source", "CI_PIPELINE_SOURCE");
    of(claims, "job_id", "CI_JOB_ID");
    of(claims, "ref", "CI_COMMIT_REF_NAME");
    claims.put("ref_type", run.tag().isPresent() ? "tag" : "branch");
    claims.put("ref_path", run.ref());
    of(claims, "ref_protected", "CI_COMMIT_REF_PROTECTED");
    claims.put("runner_id", 1).put("runner_environment", "self-hosted").put("sha", run.commit());
    Optional<Flow.Environment> environment = assignment.job().flow().environment();
    if (environment.isPresent()) {
      of(claims, "environment", "CI_ENVIRONMENT_NAME");
      claims.put("environment_protected", "false");
      of(claims, "deployment_tier", "CI_ENVIRONMENT_TIER");
      of(claims, "environment_action", "CI_ENVIRONMENT_ACTION");
    }
  }

  private String subject() {
    return "project_path:%s:ref_type:%s:ref:%s"
        .formatted(
            assignment.run().project(),
            assignment.run().tag().isPresent() ? "tag" : "branch",
            variables.getOrDefault("CI_COMMIT_REF_NAME", ""));
  }

  private void of(ObjectNode claims, String claim, String variable) {
    claims.put(claim, variables.getOrDefault(variable, ""));
  }
}
