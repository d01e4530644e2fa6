package dev.esteira.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 at random moments: no run is lost, no acknowledged step runs twice, no gap in a log. */
@Tag("system")
class CrashTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration RUN_LIMIT = Duration.ofMinutes(3);
  private static final int RUNS = 50;
  private static final int RUNS_A_ROUND = 5;
  private static final int STEPS = 20;
  private static final int KILL_WITHIN_MILLIS = 4_000;

  private final TestHouse house = TestHouse.shared();

  @TempDir Path directory;

  @Test
  void fiftyRunsSurviveKillsAtRandomMoments() throws IOException {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    List<String> projects =
        IntStream.range(0, RUNS_A_ROUND)
            .mapToObj(i -> "crash-" + Long.toHexString(seed) + i)
            .toList();
    Shell shell = house.client(directory);
    prepare(shell, projects);
    for (int round = 0; round < RUNS / RUNS_A_ROUND; round++) {
      for (String project : projects) {
        push(shell, project, round);
      }
      pause(random.nextInt(KILL_WITHIN_MILLIS));
      house.killProcess();
      house.up();
      for (String project : projects) {
        check(project, round);
      }
    }
  }

  private void prepare(Shell shell, List<String> projects) throws IOException {
    StringBuilder spec = new StringBuilder("version: 0.2\nphases:\n  build:\n    commands:\n");
    for (int i = 0; i < STEPS; i++) {
      spec.append("      - echo \"step ")
          .append(i)
          .append(" of $CODEBUILD_BUILD_NUMBER\"; sleep 0.1\n");
    }
    Files.writeString(directory.resolve("buildspec.yml"), spec);
    shell.bash(MINUTE, "git init -q -b main && git add -A && git commit -qm first").orFail();
    for (String project : projects) {
      house.esteira(MINUTE, "project", "create", project).orFail();
    }
  }

  private void push(Shell shell, String project, int round) {
    String url = house.json("project", "show", project, "--json").path("git").asText();
    shell
        .bash(
            MINUTE,
            "git commit -q --allow-empty -m " + round + " && git push -q " + url + " HEAD:main")
        .orFail();
  }

  private void check(String project, int round) {
    Shell.Result followed = house.esteira(RUN_LIMIT, "logs", "-f", "--json", project);
    JsonNode runs = house.json("runs", project, "--json");
    assertEquals(round + 1, runs.size(), "no run is lost");
    assertEquals("succeeded", runs.path(0).path("state").asText(), followed.err());
    JsonNode job = runs.path(0).path("jobs").path(0);
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
        IntStream.range(0, STEPS).mapToObj(i -> "step " + i + " of " + (round + 1)).toList();
    assertEquals(wanted, steps, "each step once and in order");
    assertTrue(job.path("attempt").asInt() <= 2);
  }

  private static void pause(int millis) {
    try {
      // The moment of the kill is meant to be arbitrary: there is no condition to await.
      new java.util.concurrent.CountDownLatch(1)
          .await(millis, java.util.concurrent.TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
