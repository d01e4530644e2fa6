package dev.esteira.pipeline;

import static org.junit.jupiter.api.Assertions.fail;

import org.junit.jupiter.api.Test;

/**
 * Hundreds of histories, thousands with {@code -Desteira.seeds=N}; {@code -Desteira.seed=N} plays
 * one again.
 */
class RunsSimulationTest {
  private static final long SEEDS = Long.getLong("esteira.seeds", 300);

  @Test
  void noHistoryLosesARunOrRunsAStepTwice() {
    Long only = Long.getLong("esteira.seed");
    if (only != null) {
      play(only);
      return;
    }
    for (long seed = 0; seed < SEEDS; seed++) {
      play(seed);
    }
  }

  private static void play(long seed) {
    try {
      new RunsSimulation(seed).play();
    } catch (RuntimeException | AssertionError e) {
      fail("seed " + seed + " failed; play it again with -Desteira.seed=" + seed, e);
    }
  }
}
