package dev.esteira.cluster.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Seeded histories of rollouts with crashes of the process at every transition. A failing seed is
 * in the message and replays exactly.
 */
class ControlSimulationTest {
  private static final int SEEDS = 1000;
  private static final int STEPS_MAX = 20_000;

  @Test
  void aHealthyRolloutKeepsItsBoundsThroughCrashes() {
    for (long seed = 0; seed < SEEDS; seed++) {
      healthy(seed);
    }
  }

  @Test
  void faultsNeverBreakTheUpperBoundAndEndConverged() {
    for (long seed = 0; seed < SEEDS; seed++) {
      faulty(seed);
    }
  }

  @Test
  void recreateNeverMixesTemplates() {
    for (long seed = 0; seed < SEEDS / 5; seed++) {
      Random shape = new Random(seed);
      RolloutMachine.Spec spec =
          new RolloutMachine.Spec(1 + shape.nextInt(4), true, 0, 0, 600, false, 2);
      TestingCluster cluster = new TestingCluster(seed, spec);
      converge(cluster, seed, 0.05);
      for (int rollout = 0; rollout < 3; rollout++) {
        cluster.template++;
        for (int i = 0; i < STEPS_MAX && !cluster.converged(); i++) {
          step(cluster, 0.05);
          long templates =
              cluster.records.values().stream().map(p -> p.template).distinct().count();
          assertTrue(templates <= 1, "seed " + seed + ": two templates at once");
        }
        assertTrue(cluster.converged(), "seed " + seed);
      }
    }
  }

  private static void healthy(long seed) {
    // Given a Deployment of random shape that has been rolled out
    RolloutMachine.Spec spec = shape(seed);
    TestingCluster cluster = new TestingCluster(seed, spec);
    converge(cluster, seed, 0.02);
    for (int rollout = 0; rollout < 2; rollout++) {
      // When its template changes, and the process dies now and then
      cluster.template++;
      for (int i = 0; i < STEPS_MAX && !cluster.converged(); i++) {
        step(cluster, 0.05);
        // Then it is never under or over its bounds
        int least = spec.replicas() - spec.maxUnavailable();
        assertTrue(cluster.readyPods() >= least, "seed " + seed + ": too few at step " + i);
        upperBound(cluster, seed);
      }
      // And it ends, with nothing left of the old pods
      assertTrue(cluster.converged(), "seed " + seed + " did not converge");
      noLeak(cluster, seed);
    }
  }

  private static void faulty(long seed) {
    RolloutMachine.Spec spec = shape(seed);
    TestingCluster cluster = new TestingCluster(seed, spec);
    cluster.faults = 0.2;
    for (int i = 0; i < 400; i++) {
      step(cluster, 0.05);
      if (cluster.random.nextInt(40) == 0) {
        cluster.killSomething();
      }
      if (cluster.random.nextInt(100) == 0) {
        cluster.template++;
      }
      if (cluster.random.nextInt(80) == 0 && !cluster.records.isEmpty()) {
        cluster.deletePod(
            new ArrayList<>(cluster.records.keySet())
                .get(cluster.random.nextInt(cluster.records.size())));
      }
      upperBound(cluster, seed);
    }
    cluster.faults = 0;
    // Deaths that nobody has seen yet come out while it goes on.
    for (int i = 0; i < 300; i++) {
      step(cluster, 0);
    }
    converge(cluster, seed, 0.01);
    noLeak(cluster, seed);
  }

  private static RolloutMachine.Spec shape(long seed) {
    Random shape = new Random(seed);
    int surge = shape.nextInt(3);
    int unavailable = surge == 0 ? 1 : shape.nextInt(2);
    return new RolloutMachine.Spec(
        1 + shape.nextInt(5), false, surge, unavailable, 600, false, shape.nextInt(3));
  }

  private static void upperBound(TestingCluster cluster, long seed) {
    int most = cluster.spec.replicas() + cluster.spec.maxSurge();
    assertTrue(cluster.active() <= most, "seed " + seed + ": " + cluster.active() + " pods");
  }

  private static void converge(TestingCluster cluster, long seed, double crashes) {
    for (int i = 0; i < STEPS_MAX && !cluster.converged(); i++) {
      step(cluster, crashes);
    }
    assertTrue(cluster.converged(), "seed " + seed + " did not converge");
  }

  /** Once converged, the engine runs a holder and a program for each pod, and nothing else. */
  private static void noLeak(TestingCluster cluster, long seed) {
    assertEquals(2L * cluster.spec.replicas(), cluster.runningContainers(), "seed " + seed);
    long strangers =
        cluster.engine.keySet().stream()
            .filter(k -> !cluster.records.containsKey(k.substring(0, k.indexOf('/'))))
            .count();
    assertEquals(0, strangers, "seed " + seed);
    assertTrue(cluster.engine.size() <= 3 * cluster.spec.replicas(), "seed " + seed);
  }

  private static void step(TestingCluster cluster, double crashes) {
    if (cluster.random.nextDouble() < crashes) {
      cluster.crash();
    }
    switch (cluster.random.nextInt(6)) {
      case 0 -> cluster.reconcileRollout(cluster.random.nextDouble() < crashes * 5);
      case 1 ->
          cluster.sets.values().stream()
              .skip(cluster.sets.isEmpty() ? 0 : cluster.random.nextInt(cluster.sets.size()))
              .findFirst()
              .ifPresent(cluster::reconcileSet);
      case 2 -> cluster.now = cluster.now.plusMillis(cluster.random.nextInt(2000));
      default -> cluster.act(false);
    }
  }
}
