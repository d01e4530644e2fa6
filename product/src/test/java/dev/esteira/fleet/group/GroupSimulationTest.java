package dev.esteira.fleet.group;

import static org.junit.jupiter.api.Assertions.fail;

import org.junit.jupiter.api.Test;

/** Thousands of histories of a group; {@code -Desteira.seed=N} plays one again. */
class GroupSimulationTest {
  private static final int SEEDS = 3_000;

  @Test
  void neverMoreThanMaxNeverBelowMinForLongAndNothingIsLeft() {
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
    GroupSimulation simulation = new GroupSimulation(seed);
    try {
      simulation.play();
    } catch (RuntimeException | AssertionError e) {
      fail(
          "seed %d failed: %s; play it again with -Desteira.seed=%d%n  %s"
              .formatted(seed, e.getMessage(), seed, simulation.trace()),
          e);
    }
  }
}
