package dev.esteira.pipeline;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The runs of all projects: started, followed, ended. Durable; resumes after a restart. */
public interface Runs {
  /**
   * What a run was started for.
   *
   * @param ref a full name: {@code refs/heads/main}, {@code refs/tags/v1}
   * @param source {@code push}, {@code web}, {@code api}, {@code schedule}, {@code trigger}, {@code
   *     parent_pipeline}, {@code pipeline}, {@code merge_request_event}
   * @param before the commit that the ref named before; empty when it is new or unknown
   * @param variables given with the start: they beat the project's
   * @param facts more that the dialects may ask for: {@code merge_request.target} …
   */
  record Request(
      String project,
      String commit,
      String ref,
      String actor,
      String source,
      Optional<String> before,
      Map<String, String> variables,
      Map<String, String> facts) {
    public Request {
      source = Absent.or(source, "push");
      variables = Map.copyOf(Absent.or(variables, Map.of()));
      facts = Map.copyOf(Absent.or(facts, Map.of()));
    }

    /** A push to a ref of which nothing more is known. */
    public Request(String project, String commit, String ref, String actor) {
      this(project, commit, ref, actor, "push", Optional.empty(), Map.of(), Map.of());
    }

    /** The branch, when the ref is one. */
    public Optional<String> branch() {
      return after("refs/heads/");
    }

    /** The tag, when the ref is one. */
    public Optional<String> tag() {
      return after("refs/tags/");
    }

    private Optional<String> after(String prefix) {
      return ref.startsWith(prefix)
          ? Optional.of(ref.substring(prefix.length()))
          : Optional.empty();
    }
  }

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
