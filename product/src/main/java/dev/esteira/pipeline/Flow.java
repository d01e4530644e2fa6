package dev.esteira.pipeline;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * When a job runs and what its end means for the run.
 *
 * @param needs the jobs it waits for; empty: every job of the stages before its own
 * @param inputsFrom jobs whose artifacts it gets; empty: those that it waits for
 * @param resourceGroup jobs of one project with the same group run one at a time
 * @param coverage the pattern by which the log tells the coverage
 * @param release what is released once the job's script has succeeded
 * @param site the directory of its artifacts that is published as the project's site
 */
public record Flow(
    Optional<List<Need>> needs,
    Optional<List<String>> inputsFrom,
    When when,
    long startInSeconds,
    AllowFailure allowFailure,
    Retry retry,
    boolean interruptible,
    Optional<String> resourceGroup,
    Optional<Environment> environment,
    Optional<Trigger> trigger,
    Optional<String> coverage,
    Optional<Release> release,
    Optional<String> site) {
  /** In the order of the stages, while nothing before it has failed. */
  public static final Flow PLAIN =
      new Flow(
          Optional.empty(),
          Optional.empty(),
          When.ON_SUCCESS,
          0,
          AllowFailure.NEVER,
          Retry.NEVER,
          false,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  public Flow {
    needs = needs.map(List::copyOf);
    inputsFrom = inputsFrom.map(List::copyOf);
  }

  /** What starts a job once the jobs it waits for have ended. */
  public enum When {
    ON_SUCCESS,
    ON_FAILURE,
    ALWAYS,
    /** A person. */
    MANUAL,
    /** Time, {@code startInSeconds} later. */
    DELAYED
  }

  /** A job that must end first; {@code artifacts}: and whose files are fetched. */
  public record Need(String job, boolean artifacts) {}

  /** Whether the run goes on as if a failed job had succeeded; with codes, only for those. */
  public record AllowFailure(boolean always, Set<Integer> exitCodes) {
    public static final AllowFailure NEVER = new AllowFailure(false, Set.of());

    public AllowFailure {
      exitCodes = Set.copyOf(exitCodes);
    }
  }

  /**
   * How often a failed job is tried again.
   *
   * @param reasons {@code script_failure}, {@code runner_system_failure}, …; empty: any
   * @param exitCodes empty: any
   */
  public record Retry(int max, Set<String> reasons, Set<Integer> exitCodes) {
    public static final Retry NEVER = new Retry(0, Set.of(), Set.of());

    public Retry {
      reasons = Set.copyOf(reasons);
      exitCodes = Set.copyOf(exitCodes);
    }
  }

  /**
   * Where the job deploys to. Names and addresses may hold variables of the job.
   *
   * @param action {@code start}, {@code prepare}, {@code stop}, {@code verify}, {@code access}
   */
  public record Environment(
      String name,
      Optional<String> url,
      String action,
      Optional<String> onStop,
      Optional<Long> autoStopSeconds,
      Optional<String> tier) {}

  /**
   * Another pipeline in place of a sandbox.
   *
   * @param project another project, or empty for a child pipeline of this commit
   * @param branch of the other project; empty: its default branch
   * @param includes files of this commit, or artifacts of a job, that make the child's file
   * @param depend whether this job ends as that pipeline ends, rather than once it began
   */
  public record Trigger(
      Optional<String> project,
      Optional<String> branch,
      List<Include> includes,
      boolean depend,
      boolean forwardFileVariables,
      boolean forwardRunVariables,
      Map<String, String> variables) {
    public Trigger {
      includes = List.copyOf(includes);
      variables = Map.copyOf(variables);
    }
  }

  /**
   * What is released. All texts may hold variables of the job.
   *
   * @param description Markdown, or the path of a file of the workspace that holds it
   * @param ref what the tag is to mean when there is no such tag; empty: the job's commit
   * @param releasedAt ISO 8601
   */
  public record Release(
      String tagName,
      Optional<String> tagMessage,
      Optional<String> name,
      String description,
      Optional<String> ref,
      List<String> milestones,
      Optional<String> releasedAt,
      List<Releases.Link> links) {
    public Release {
      milestones = List.copyOf(milestones);
      links = List.copyOf(links);
    }
  }

  /** A file, of the commit or of the named job's artifacts. */
  public record Include(String path, Optional<String> fromJob) {}

  /** The same for a job that waits for nothing and nobody, and gets nothing. */
  public Flow alone() {
    return new Flow(
        Optional.of(List.of()),
        Optional.of(List.of()),
        When.ON_SUCCESS,
        0,
        AllowFailure.NEVER,
        retry,
        false,
        resourceGroup,
        environment,
        trigger,
        coverage,
        release,
        site);
  }
}
