package dev.esteira.fleet.group;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import org.junit.jupiter.api.Test;

/** Thousands of histories of a group; {@code -Desteira.seed=N} plays one again. */
class GroupSimulationTest {
  private static final int SEEDS = 2_000;

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

  /** A seed that fails is played once more, and tells what happened. */
  private static void play(long seed) {
    try {
      new GroupSimulation(seed, false).play();
    } catch (RuntimeException | AssertionError e) {
      GroupSimulation again = new GroupSimulation(seed, true);
      Throwable same = assertThrows(e.getClass(), again::play);
      fail(
          "seed %d failed: %s; play it again with -Desteira.seed=%d%n  %s"
              .formatted(seed, same.getMessage(), seed, again.trace()),
          e);
    }
  }
}
