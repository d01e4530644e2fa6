package dev.esteira.pipeline;

import dev.esteira.base.EsteiraException;

/**
 * How much of everything.
 *
 * @param jobsAtOnceMax jobs that have a sandbox
 * @param queuedMax jobs that wait for one
 * @param runSeconds how long a run may last, waiting included
 */
public record RunLimits(int jobsAtOnceMax, int queuedMax, long runSeconds) {
  public static final RunLimits DEFAULT = new RunLimits(4, 1_000, 8 * 3600);

  public RunLimits {
    if (jobsAtOnceMax < 1 || queuedMax < 1 || runSeconds < 1) {
      throw EsteiraException.invalid("limits of runs must be at least 1");
    }
  }
}
