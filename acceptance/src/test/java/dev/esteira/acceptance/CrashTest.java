package dev.esteira.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 at a random moment of each of 50 runs: no run is lost, no acknowledged step runs twice,
 * no gap in a log. {@code -Desteira.crash.seed=N} repeats the moments of an earlier test.
 */
@Tag("system")
class CrashTest {
  private static final Duration RUN_LIMIT = Duration.ofMinutes(3);
  private static final int RUNS = 50;

  /** A kill that came after its run had ended does not count; so many more runs may be needed. */
  private static final int RUNS_MAX = 100;

  private static final int STEPS = 20;

  /** About a run's life: 20 steps of 50 ms, what starts it and what ends it. */
  private static final int KILL_WITHIN_MILLIS = 1_300;

  private final TestHouse house = TestHouse.shared();

  @TempDir Path directory;

  @Test
  void fiftyRunsSurviveAKillEachAtARandomMoment() {
    long seed = Long.getLong("esteira.crash.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    Delivery delivery = new Delivery(house, directory, "crash");
    delivery.commands(
        IntStream.range(0, STEPS)
            .mapToObj(i -> "echo \"step " + i + " of $CODEBUILD_BUILD_NUMBER\"; sleep 0.05")
            .toArray(String[]::new));
    int killedWithin = 0;
    int number = 0;
    while (killedWithin < RUNS) {
      number++;
      assertTrue(number <= RUNS_MAX, "only " + killedWithin + " runs lived when they were to die");
      delivery.push();
      pause(random.nextInt(KILL_WITHIN_MILLIS));
      Instant killed = InstantSource.system().instant();
      house.killProcess();
      house.up();
      JsonNode run = check(delivery, number);
      if (killed.isBefore(Instant.parse(run.path("endedAt").asText()))) {
        killedWithin++;
      }
    }
    System.out.println(killedWithin + " of " + number + " kills came within their run's life");
  }

  /** The run with this number is the latest one, ended well, and its log has each step once. */
  private JsonNode check(Delivery delivery, int number) {
    Shell.Result followed = house.esteira(RUN_LIMIT, "logs", "-f", "--json", delivery.project());
    JsonNode run = house.json("runs", delivery.project(), "--json").path(0);
    assertEquals(number, run.path("number").asInt(), "no run is lost");
    assertEquals("succeeded", run.path("state").asText(), followed.err());
    JsonNode job = run.path("jobs").path(0);
    List<String> steps = new ArrayList<>();
    long expected = 0;
    for (String line : followed.out().lines().toList()) {
      JsonNode entry = TestHouse.parse(line);
      if (entry.path("stream").asText().equals(job.path("logStream").asText())) {
        assertEquals(expected++, entry.path("offset").asLong(), "no gap in the log");
        if (entry.path("text").asText().matches("step \\d+ of \\d+")) {
          steps.add(entry.path("text").asText());
        }
      }
    }
    List<String> wanted =
        IntStream.range(0, STEPS).mapToObj(i -> "step " + i + " of " + number).toList();
    assertEquals(wanted, steps, "each step once and in order");
    assertTrue(job.path("attempt").asInt() <= 2);
    return run;
  }

  private static void pause(int millis) {
    try {
      // The moment of the kill is meant to be arbitrary: there is no condition to await.
      assertTrue(!new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
