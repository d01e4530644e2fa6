package dev.esteira.pipeline;

import java.time.Instant;
import java.util.HashMap;
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

    /** The same with more variables, which beat those that are there. */
    Request with(Map<String, String> more) {
      Map<String, String> all = new HashMap<>(variables);
      all.putAll(more);
      return new Request(project, commit, ref, actor, source, before, all, facts);
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

  /**
   * A run as people see it. States: queued, running, blocked (waits for a person), delayed,
   * succeeded, failed, cancelled, skipped.
   *
   * @param number counts within the project
   * @param serial its own among all runs of the home
   * @param parent the run that triggered it
   */
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
      List<Plan.Notice> notices,
      long serial,
      String source,
      Optional<String> parent) {}

  /**
   * States: waiting, manual, delayed, running, succeeded, failed, system_failure, skipped,
   * cancelled.
   *
   * @param number its present attempt's own among all of the home
   * @param waitingFor why it does not run yet, or was skipped; else empty
   * @param warning whether it failed and the run went on
   * @param needs the jobs that it waits for, when it does not wait for stages
   * @param child the run that it triggered
   * @param environment where it deploys to
   */
  record JobView(
      String id,
      String stage,
      String name,
      String state,
      int attempt,
      String logStream,
      Optional<String> failure,
      List<StepView> steps,
      long number,
      String waitingFor,
      boolean warning,
      Optional<List<String>> needs,
      Optional<String> child,
      Optional<String> environment) {}

  /** An acknowledged or running step; {@code exitCode} is empty while it runs. */
  record StepView(int index, String section, String text, Optional<Integer> exitCode) {}

  /**
   * What a start would do.
   *
   * @param failure why there is no plan
   * @param everyRef whether its dialect is one for any branch or tag
   */
  record Planned(Optional<Plan> plan, String failure, boolean found, boolean everyRef) {}

  /** Plans and starts nothing; {@code everyRef}: only by dialects for any branch or tag. */
  Planned plan(Request request, boolean everyRef);

  /**
   * Starts a run; durable when it returns. A file that cannot be planned fails the run; a plan
   * without any job is refused with {@code INVALID}.
   */
  Run start(Request request, Planned planned);

  /** Plans and starts a run. */
  default Run start(Request request) {
    return start(request, plan(request, false));
  }

  Optional<Run> run(String id);

  /** The jobs of its file that a run does not have, by the variables as they are now. */
  default List<Plan.Omitted> omitted(String id) {
    return List.of();
  }

  /** Latest first. */
  List<Run> runs(String project, int limit);

  Optional<Run> bySerial(long serial);

  /** The run of the job that has, or had, this number. */
  Optional<Run> byJobNumber(long number);

  /** The latest run that is no child of another one of the project. */
  Optional<Run> latest(String project);

  void cancel(String id);

  /**
   * Starts a job that waits for a person or its time, with variables for it alone.
   *
   * @param job its id, or its name in the run
   */
  void playJob(String runId, String job, Map<String, String> variables);

  void cancelJob(String runId, String job);

  /** Another attempt of an ended job; those that were skipped because of it may run then. */
  void retryJob(String runId, String job);

  /** Another attempt of all jobs of an ended run that failed or were cancelled. */
  void retry(String id);

  /** Waits until the run changes from this state, or the time has passed. */
  Run await(String id, String knownState, long waitMillis) throws InterruptedException;

  /** What the clock starts. */
  Schedules schedules();

  /** Where the jobs deploy to. */
  Environments environments();

  /** What was released. */
  Releases releases();

  /** Hears of ended jobs (the cluster releases or drops what the job's pushes hold). */
  void onJobEnd(JobEndListener listener);

  /** Told after the end is durable; may be told again after a restart. */
  interface JobEndListener {
    void ended(String jobId, boolean succeeded);
  }
}
