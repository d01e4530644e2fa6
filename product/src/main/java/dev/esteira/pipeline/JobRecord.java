package dev.esteira.pipeline;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A job as the ledger keeps it.
 *
 * @param index counts within its stage
 * @param number its present attempt's own among all of the home
 * @param variables given by who played it or tried it again
 * @param child the run that it triggered last
 */
record JobRecord(
    String id,
    String runId,
    int stage,
    String stageName,
    int index,
    String name,
    int timeoutSeconds,
    long number,
    Traits traits,
    Map<String, String> variables,
    Optional<String> child,
    JobState state) {
  JobRecord {
    traits = Absent.or(traits, Traits.PLAIN);
    variables = Map.copyOf(Absent.or(variables, Map.of()));
  }

  /**
   * What its plan says of it that is asked for often.
   *
   * @param resource the key of its resource group
   * @param trigger whether another pipeline stands in place of its sandbox
   * @param mayFail whether the run goes on when it fails, whatever its exit code
   * @param needs the jobs that it waits for, when it does not wait for stages
   * @param interruptible whether it may be cut off when a newer commit comes
   */
  record Traits(
      Flow.Retry retry,
      Optional<String> resource,
      boolean trigger,
      boolean mayFail,
      Optional<List<String>> needs,
      boolean interruptible,
      Optional<EnvironmentUse> environment) {
    static final Traits PLAIN =
        new Traits(
            Flow.Retry.NEVER,
            Optional.empty(),
            false,
            false,
            Optional.empty(),
            false,
            Optional.empty());

    Traits with(EnvironmentUse use) {
      return new Traits(retry, resource, trigger, mayFail, needs, interruptible, Optional.of(use));
    }
  }

  /** The number of the job in its plan. */
  int node() {
    return Integer.parseInt(id.substring(id.lastIndexOf('-') + 1)) - 1;
  }

  JobMachine machine() {
    return new JobMachine(traits.retry(), traits.resource().isPresent(), traits.trigger());
  }

  JobRecord with(JobState next) {
    return changed(number, traits, variables, child, next);
  }

  JobRecord withNumber(long next) {
    return changed(next, traits, variables, child, state);
  }

  JobRecord with(Map<String, String> given) {
    return changed(number, traits, given, child, state);
  }

  JobRecord withChild(String triggered) {
    return changed(number, traits, variables, Optional.of(triggered), state);
  }

  JobRecord with(Traits known) {
    return changed(number, known, variables, child, state);
  }

  /** All that changes in the life of a job. */
  private JobRecord changed(
      long nextNumber,
      Traits nextTraits,
      Map<String, String> nextVariables,
      Optional<String> nextChild,
      JobState nextState) {
    return new JobRecord(
        id,
        runId,
        stage,
        stageName,
        index,
        name,
        timeoutSeconds,
        nextNumber,
        nextTraits,
        nextVariables,
        nextChild,
        nextState);
  }
}
