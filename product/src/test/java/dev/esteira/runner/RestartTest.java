package dev.esteira.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.observe.Logs;
import dev.esteira.pipeline.DurableRuns;
import dev.esteira.pipeline.RunLimits;
import dev.esteira.pipeline.Runs;
import dev.esteira.pipeline.buildspec.BuildspecDialect;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs in real sandboxes, whose house goes away and comes back at random moments. */
@Tag("system")
@Timeout(300)
class RestartTest {
  private static final int RUNS = 6;
  private static final int STEPS = 8;
  private static final int RESTARTS = 12;

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void noRunIsLostNoStepRunsTwiceAndNoLineIsMissing(int warmMax) throws Exception {
    long seed = Long.getLong("esteira.seed", System.nanoTime());
    Random random = new Random(seed);
    try (TestingHouse house = new TestingHouse()) {
      house.access.createProject("shop", Map.of("image", TestingHouse.IMAGE));
      // Given
      Life life = new Life(house, warmMax);
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < RUNS; i++) {
        ids.add(life.runs.start(new Runs.Request("shop", "c" + i, "main", "ana")).id());
      }
      // When
      for (int i = 0; i < RESTARTS; i++) {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(300));
        life.close();
        life = new Life(house, warmMax);
      }
      // Then
      for (String id : ids) {
        Runs.Run run = ended(life.runs, id);
        assertEquals("succeeded", run.state(), "seed " + seed + ": " + run);
        check(house, run, "seed " + seed);
      }
      assertEquals(List.of(3, 2, 1), latest(life.runs));
      life.close();
    }
  }

  private static List<Integer> latest(Runs runs) {
    return runs.runs("shop", RUNS).stream().skip(RUNS - 3).map(r -> (int) r.number()).toList();
  }

  private static void check(TestingHouse house, Runs.Run run, String seed) {
    Runs.JobView job = run.jobs().getFirst();
    assertEquals(1, job.attempt(), seed);
    assertEquals(STEPS, job.steps().size(), seed);
    List<String> lines =
        house.logs.read(job.logStream(), 0, 1_000).stream()
            .map(Logs.Line::text)
            .filter(l -> l.startsWith("line "))
            .toList();
    assertEquals(IntStream.range(0, STEPS).mapToObj(i -> "line " + i).toList(), lines, seed);
  }

  private static Runs.Run ended(Runs runs, String id) throws InterruptedException {
    Runs.Run run = runs.run(id).orElseThrow();
    for (int i = 0; i < 60 && run.endedAt().isEmpty(); i++) {
      run = runs.await(id, run.state(), 2_000);
    }
    assertTrue(run.endedAt().isPresent(), "did not end: " + run);
    return run;
  }

  /** One life of the house's process. */
  private static final class Life {
    final SandboxRunner runner;
    final DurableRuns runs;

    Life(TestingHouse house, int warmMax) {
      runner = house.runner(warmMax);
      StringBuilder file = new StringBuilder("version: 0.2\nphases:\n  build:\n    commands:\n");
      for (int i = 0; i < STEPS; i++) {
        file.append("      - sleep 0.1; echo line ").append(i).append('\n');
      }
      BuildspecDialect dialect =
          new BuildspecDialect(
              (project, name) -> house.access.project(project).map(p -> p.settings().get(name)));
      runs =
          new DurableRuns(
              house.ledger,
              List.of(dialect),
              (project, commit) -> path -> Optional.of(file.toString()),
              runner,
              InstantSource.system(),
              RunLimits.DEFAULT);
      runs.open();
    }

    void close() {
      runner.close();
      runs.close();
    }
  }
}
