package dev.esteira.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rule sets made by the AWS command line, tried from inside instances, jobs and pods: what is
 * allowed connects, what is not does not, soon after the call that changed it; and {@code esteira
 * net explain} says of each way what happens on it.
 */
@Tag("system")
class RulesFromInsideTest {
  private static final Duration SETTLED = Duration.ofSeconds(10);

  @TempDir static Path directory;
  private static InsideWorld world;

  @BeforeAll
  static void start() throws InterruptedException {
    long began = System.nanoTime();
    world = new InsideWorld(TestHouse.shared(), directory);
    System.err.println("a network with all that is in it: " + millisSince(began) + " ms");
  }

  @AfterAll
  static void stop() {
    if (world != null) {
      world.close();
    }
  }

  private static long millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1_000_000;
  }

  static Stream<InsideSets.RuleSet> sets() {
    return Stream.of(
            InsideSets.groups(),
            InsideSets.members(),
            InsideSets.ranges(),
            InsideSets.outward(),
            InsideSets.ways(),
            InsideSets.lists(),
            InsideSets.returns())
        .flatMap(each -> each);
  }

  @ParameterizedTest
  @MethodSource("sets")
  void holds(InsideSets.RuleSet set) {
    List<Way> ways = set.ways().stream().map(Way::of).toList();

    world.bring(set.rules().apply(world).items());

    long returned = System.nanoTime();
    CompletableFuture<Map<Way, JsonNode>> explained =
        CompletableFuture.supplyAsync(() -> world.explained(ways));
    Map<Way, String> answers = Map.of();
    long acted = 0;
    while (millisSince(returned) < SETTLED.toMillis()) {
      acted = millisSince(returned);
      answers = world.tried(ways);
      if (asWanted(answers)) {
        break;
      }
    }
    System.err.println("within " + acted + " ms of the call: " + set);
    assertTrue(asWanted(answers), "not as wanted: " + answers);
    explained
        .join()
        .forEach((way, said) ->
            assertEquals(way.open(), said.path("allowed").asBoolean(), way + ": " + said));
  }

  private static boolean asWanted(Map<Way, String> answers) {
    return answers.entrySet().stream()
        .allMatch(each -> each.getKey().open() == Way.reached(each.getValue()));
  }

  @Test
  void theFarSideSeesPublicAddresses() {
    InsideSets.Changes nat =
        InsideSets.open(world)
            .without(world.elastic("db"))
            .without(world.gateway("second"))
            .with(world.nat("second"));
    world.bring(nat.items());
    List<Way> ways =
        Stream.of(
                "+web->far tcp 8080",
                "+db->far tcp 8080",
                "+job->web tcp 8080",
                "+pod->web tcp 8080")
            .map(Way::of)
            .toList();

    Map<Way, String> seen = world.tried(ways);

    assertEquals("from " + world.address("web"), seen.get(ways.get(0)));
    assertEquals("from " + world.address("nat"), seen.get(ways.get(1)));
    assertEquals("from " + world.address("job"), seen.get(ways.get(2)));
    assertEquals("from " + world.address("pod"), seen.get(ways.get(3)));
  }
}
