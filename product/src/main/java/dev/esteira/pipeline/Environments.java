package dev.esteira.pipeline;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The environments that the jobs of projects deploy to, with their history. Durable. */
public interface Environments {
  /**
   * An environment of a project.
   *
   * @param url where its last successful deployment can be reached
   * @param state {@code available}, {@code stopping} or {@code stopped}
   * @param onStop the job that stops it, in the run of its last deployment
   * @param autoStopAt when it is stopped by itself
   * @param deployments latest first, at most 20
   */
  record Environment(
      String project,
      String name,
      String slug,
      String tier,
      Optional<String> url,
      String state,
      Optional<String> onStop,
      Optional<Instant> autoStopAt,
      List<Deployment> deployments) {
    public Environment {
      deployments = List.copyOf(deployments);
    }
  }

  /**
   * One deployment.
   *
   * @param number counts within the project
   * @param state {@code running}, {@code success}, {@code failed} or {@code canceled}
   */
  record Deployment(
      long number,
      String runId,
      String jobId,
      String job,
      String commit,
      String ref,
      String state,
      Instant at,
      Optional<String> url) {}

  /** By name. */
  List<Environment> list(String project);

  /** Starts the job that stops it; without one it is stopped at once. */
  Environment stop(String project, String name);

  /** Stops the environments that were deployed last from a ref that is gone. */
  void refDeleted(String project, String ref);
}
