package dev.esteira.pipeline;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Thousands of histories; {@code -Desteira.seed=N} plays one again. */
class RunsSimulationTest {
  private static final long SEEDS = Long.getLong("esteira.seeds", 2_000);

  @Test
  void noHistoryLosesARunOrRunsAStepTwice() {
    Long only = Long.getLong("esteira.seed");
    if (only != null) {
      play(only);
      return;
    }
    LongStream.range(0, SEEDS).parallel().forEach(RunsSimulationTest::play);
  }

  private static void play(long seed) {
    try {
      new RunsSimulation(seed).play();
    } catch (RuntimeException | AssertionError e) {
      fail("seed " + seed + " failed; play it again with -Desteira.seed=" + seed, e);
    }
  }
}
