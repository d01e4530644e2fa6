package dev.esteira.pipeline;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The runs of all projects: started, followed, ended. Durable; resumes after a restart. */
public interface Runs {
  /** What a run was started for. {@code number} counts from 1 within its project. */
  record Request(String project, String commit, String ref, String actor) {}

  /** A run as people see it. States: queued, running, succeeded, failed, cancelled. */
  record Run(
      String id,
      String project,
      long number,
      String commit,
      String ref,
      String state,
      String waitingFor,
      Optional<String> failure,
      Instant createdAt,
      Optional<Instant> endedAt,
      List<JobView> jobs,
      List<Plan.Notice> notices) {}

  /** States: waiting, running, succeeded, failed, system_failure, skipped, cancelled. */
  record JobView(
      String id,
      String stage,
      String name,
      String state,
      int attempt,
      String logStream,
      Optional<String> failure,
      List<StepView> steps) {}

  /** An acknowledged or running step; {@code exitCode} is empty while it runs. */
  record StepView(int index, String section, String text, Optional<Integer> exitCode) {}

  /**
   * Plans and starts a run; durable when it returns. A file that cannot be planned fails the run.
   */
  Run start(Request request);

  Optional<Run> run(String id);

  /** Latest first. */
  List<Run> runs(String project, int limit);

  void cancel(String id);

  /** Waits until the run changes from this state, or the time has passed. */
  Run await(String id, String knownState, long waitMillis) throws InterruptedException;

  /** Hears of ended jobs (the cluster releases or drops what the job's pushes hold). */
  void onJobEnd(JobEndListener listener);

  /** Told after the end is durable; may be told again after a restart. */
  interface JobEndListener {
    void ended(String jobId, boolean succeeded);
  }
}
