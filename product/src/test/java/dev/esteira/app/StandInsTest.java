package dev.esteira.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.engine.ImageName;
import dev.esteira.images.StandInImages;
import dev.esteira.registry.TestingRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StandInsTest {
  private static final ImageName NODE = ImageName.parse("node:18");
  private static final String NO_HOST =
      "Get \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io: no such"
          + " host";

  @TempDir Path directory;
  private final List<String> said = new ArrayList<>();
  private Instant now = Instant.EPOCH;
  private TestingRegistry registry;
  private StandIns standIns;

  @BeforeEach
  void open() throws Exception {
    registry = new TestingRegistry(directory);
    standIns = new StandIns(new NodeAlone(), registry.registry, "10.77.0.1:5050", () -> now);
  }

  @AfterEach
  void close() {
    registry.close();
  }

  /** Knows a stand-in for any Node.js. */
  private static final class NodeAlone implements StandInImages {
    @Override
    public Optional<StandIn> of(ImageName asked) {
      return asked.familiarRepository().equals("node")
          ? Optional.of(new StandIn("esteira/node:18", "Node.js 18 on Debian 12"))
          : Optional.empty();
    }

    @Override
    public String ensure(StandIn standIn, Consumer<String> progress) {
      return "sha256:" + standIn.image();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"node:18", "docker-hub/library/node:18", "team/node"})
  void aBaseThatNobodyPushedHereMayHaveAStandIn(String repository) {
    ImageName asked = ImageName.parse("123456789012.dkr.ecr.eu-west-1.amazonaws.com/" + repository);
    assertEquals(Optional.of("sha256:esteira/node:18"), standIns.notPushed(asked, said::add));
    assertEquals("WARNING: to have your own, push it: docker push " + asked, said.getLast());
  }

  @Test
  void nothingStandsInForATeamsOwnImages() {
    ImageName asked = ImageName.parse("123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/shop:1");
    assertEquals(Optional.empty(), standIns.notPushed(asked, said::add));
  }

  @Test
  void whoGetsAStandInIsTold() {
    assertEquals(Optional.of("sha256:esteira/node:18"), standIns.instead(NODE, NO_HOST, said::add));
    assertEquals(
        List.of(
            "WARNING: docker.io cannot be reached for node:18: dial tcp: lookup"
                + " registry-1.docker.io: no such host",
            "WARNING: esteira/node:18 stands in for it: Node.js 18 on Debian 12",
            "WARNING: to have the real one here, push it: docker tag node:18"
                + " 10.77.0.1:5050/node:18 && docker push 10.77.0.1:5050/node:18"),
        said);
  }

  @Test
  void aRegistryThatWasReachedHasTheLastWord() {
    String answer = "manifest for node:18 not found: manifest unknown: manifest unknown";
    assertTrue(standIns.instead(NODE, answer, said::add).isEmpty());
    assertTrue(standIns.unreachable("docker.io").isEmpty());
    assertEquals(List.of(), said);
    assertFalse(standIns.advice(NODE, answer).contains("nothing stands in"));
  }

  @Test
  void aRegistryThatWasNotReachedIsLeftAloneForAMinute() {
    standIns.instead(NODE, NO_HOST, said::add);
    assertEquals(Optional.of(NO_HOST), standIns.unreachable("docker.io"));
    assertTrue(standIns.unreachable("quay.io").isEmpty());
    now = now.plusSeconds(61);
    assertTrue(standIns.unreachable("docker.io").isEmpty());
  }

  @Test
  void whoGetsNoneReadsWhatToDo() {
    ImageName mongo = ImageName.parse("mongo:6");
    assertTrue(standIns.instead(mongo, NO_HOST, said::add).isEmpty());
    String advice = standIns.advice(mongo, NO_HOST);
    assertTrue(advice.startsWith("could not pull mongo:6 from docker.io: dial tcp:"), advice);
    assertTrue(advice.contains("nothing stands in for it. "), advice);
    assertTrue(advice.endsWith("docker push 10.77.0.1:5050/mongo:6"), advice);
  }

  @Test
  void anImageOfThisHouseIsNeverAnothers() {
    assertTrue(
        standIns.isOurs(ImageName.parse("123456789012.dkr.ecr.us-east-1.amazonaws.com/node:18")));
    assertTrue(standIns.isOurs(ImageName.parse("10.77.0.1:5050/node:18")));
    assertFalse(standIns.isOurs(NODE));
  }
}
