package dev.esteira.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 of each part while a job runs: the house mends itself, the job misses nothing. */
@Tag("system")
class KilledPartsTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final int LINES = 120;

  private final TestHouse house = TestHouse.shared();

  @TempDir Path directory;

  @Test
  void eachPartComesBackAndTheJobGoesOn() {
    // Given an application that serves, and a job that counts
    String name = "parts" + Long.toString(System.nanoTime() & 0xffffff, 36);
    WebApplication application = new WebApplication(house.client(directory), name);
    String address = application.start("v1");
    Delivery job = new Delivery(house, directory, "counting");
    job.commands("for i in $(seq " + LINES + "); do echo \"line $i\"; sleep 0.2; done", "echo end");
    job.push();
    job.awaitLine("line 1", MINUTE);

    // When parts are killed one after the other
    house.killByFile("engine/dockerd.pid");
    awaitEngine(application);
    answers(address);
    house.killByFile("haproxy/pid");
    answers(address);
    String before = application.containers();
    house.killPod(application.pods()[0]);
    answers(address);
    application.awaitOthers(before);
    house.killProcess();
    answers(address);
    house.up();

    // Then nothing of the job is lost, nothing ran twice, and the application still serves
    job.follow().orFail();
    assertEquals(expected(), lines(job));
    assertEquals(1, jobOf(job).path("attempt").asInt());
    answers(address);
    application.roll("v2");
    application.awaitRollout();
    answers(address);
    application.delete();
  }

  /** Containers can be made again: docker answers, as before. */
  private void awaitEngine(WebApplication application) {
    house
        .client(directory)
        .bash(MINUTE, "for i in $(seq 150); do docker ps && exit 0; sleep 0.2; done; exit 1")
        .orFail();
    assertEquals(2, application.pods().length);
  }

  private void answers(String address) {
    house
        .bare(directory)
        .bash(
            MINUTE,
            """
            for i in $(seq 150); do
              curl -sf -m 5 --noproxy '*' http://%s/ | grep '^v' && exit 0
              sleep 0.2
            done
            exit 1
            """
                .formatted(address))
        .orFail();
  }

  private static List<String> expected() {
    List<String> lines =
        new ArrayList<>(IntStream.rangeClosed(1, LINES).mapToObj(i -> "line " + i).toList());
    lines.add("end");
    return lines;
  }

  private List<String> lines(Delivery job) {
    return house
        .esteira(MINUTE, "logs", job.project())
        .orFail()
        .lines()
        .filter(line -> line.matches("line \\d+|end"))
        .toList();
  }

  private JsonNode jobOf(Delivery job) {
    return house.json("runs", job.project(), "--json").path(0).path("jobs").path(0);
  }
}
