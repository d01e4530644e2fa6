package dev.esteira.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A job sends its Docker API what would reach the host or another owner, while another job runs;
 * judged by what the engine, the host's files and the other job show afterwards. And what people do
 * with docker in a build passes.
 */
@Tag("system")
class EscapesTest {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final int REFUSED_MIN = 60;
  private static final int PASSED_MIN = 30;
  private static final String HOST_SECRET = "SECRET-OF-HOST";
  private static final String THEIR_SECRET = "SECRET-OF-ANOTHER";

  private final TestHouse house = TestHouse.shared();

  @TempDir Path directory;

  private final List<Delivery> deliveries = new ArrayList<>();

  @AfterEach
  void leaveNothingRunning() {
    deliveries.forEach(Delivery::cancel);
  }

  private Delivery delivery(String name) {
    deliveries.add(new Delivery(house, directory, name));
    return deliveries.getLast();
  }

  @Test
  void noCallReachesTheHostOrAnotherOwner() throws IOException {
    // Given a file of the host, and another job with an image, a container, a network, a volume
    Path marker = Files.writeString(directory.resolve("marker"), HOST_SECRET);
    Delivery victim = victim();
    ObjectNode names = names(victim, marker);
    String before = state(names);

    // When a job sends all that it should not
    Delivery attacker = withFiles("attacker", "python3 attack.py", "sleep 300");
    attacker.file("names.json", names.toString()).push();
    attacker.awaitLine("ATTACK OVER", LIMIT);

    // Then each call was refused, nothing leaked, and all is as it was
    String log = house.esteira(LIMIT, "logs", attacker.project()).orFail();
    assertEquals(List.of(), passed(log));
    assertTrue(log.lines().filter(l -> l.startsWith("REFUSED")).count() >= REFUSED_MIN);
    assertFalse(log.contains(HOST_SECRET) || log.contains(THEIR_SECRET), "nothing was read");
    assertEquals(HOST_SECRET, Files.readString(marker), "nothing was written");
    assertEquals(before, state(names), "the other owner's things are untouched");
    assertEquals(List.of(), dangerous(), "no such container was ever made");
  }

  @Test
  void whatPeopleDoWithDockerPasses() {
    Delivery delivery = withFiles("legitimate", "bash legitimate.sh");
    String log = delivery.deliver();

    List<String> stopped = log.lines().filter(line -> line.startsWith("STOPPED")).toList();
    assertEquals(List.of(), stopped, log);
    assertTrue(log.lines().filter(line -> line.startsWith("PASSED")).count() >= PASSED_MIN);
  }

  private Delivery withFiles(String name, String... commands) {
    Delivery delivery = delivery(name);
    for (String file :
        List.of("attack.py", "refused.jsonl", "legitimate.sh", "context/Dockerfile")) {
      delivery.file(file, resource(file));
    }
    return delivery.commands(commands);
  }

  private Delivery victim() {
    Delivery victim = delivery("victim");
    victim.file("secret", THEIR_SECRET + "\n").file("Dockerfile", dockerfile());
    victim.commands(
        """
        docker build -q -t secretly:latest .
        docker network create theirs-net
        docker volume create theirs-vol
        docker run -d --name theirs --network theirs-net -v theirs-vol:/data secretly:latest
        exec=$(curl -s --unix-socket /var/run/docker.sock -H 'Content-Type: application/json' \\
          -d '{"Cmd":["cat","/secret"],"AttachStdout":true}' http://d/containers/theirs/exec)
        echo "EXEC $exec"
        echo "CONTAINER $(docker inspect -f '{{.Id}}' theirs)"
        """,
        "sleep 400");
    victim.push();
    victim.awaitLine("CONTAINER", LIMIT);
    return victim;
  }

  private static String dockerfile() {
    return """
    FROM HUB/python:3
    COPY secret /secret
    CMD ["sh", "-c", "cp /secret /data/secret; sleep 600"]
    """
        .replace("HUB", Delivery.HUB);
  }

  /** Everything that an attacker could have guessed or seen of the other job and of the host. */
  private ObjectNode names(Delivery victim, Path marker) {
    JsonNode theirs = inspect(victim.awaitLine("CONTAINER", LIMIT));
    ObjectNode names = new ObjectMapper().createObjectNode();
    names.put("HOUSE", house.home().toString());
    names.put("MARKER", marker.toString());
    names.put("THEIRS", theirs.path("Id").asText());
    names.put("NAME", theirs.path("Name").asText().substring(1));
    names.put("THEIRIMAGE", theirs.path("Image").asText());
    names.put("TAG", "secretly:latest");
    names.put("FULLTAG", tag(theirs.path("Image").asText()));
    names.put("VOLUME", "theirs-vol");
    names.put("FULLVOLUME", theirs.path("Mounts").path(0).path("Name").asText());
    names.put("EXEC", TestHouse.parse(victim.awaitLine("EXEC", LIMIT)).path("Id").asText());
    theirs
        .path("NetworkSettings")
        .path("Networks")
        .forEach(n -> names.put("NETWORK", n.path("NetworkID").asText()));
    return names;
  }

  private String tag(String image) {
    return house.engine("inspect", "-f", "{{index .RepoTags 0}}", image).orFail().strip();
  }

  private JsonNode inspect(String container) {
    return TestHouse.parse(house.engine("inspect", container).orFail()).path(0);
  }

  /** What must stay as it is. */
  private String state(ObjectNode names) {
    JsonNode theirs = inspect(names.path("THEIRS").asText());
    String read =
        house
            .engine("exec", names.path("THEIRS").asText(), "sh", "-c", "cat /secret /data/secret")
            .orFail();
    return String.join(
        "\n",
        theirs.path("Name").asText(),
        theirs.path("State").path("StartedAt").asText(),
        theirs.path("HostConfig").path("Memory").asText(),
        theirs.path("State").path("Status").asText(),
        theirs.path("NetworkSettings").path("Networks").toString(),
        tag(names.path("THEIRIMAGE").asText()),
        read);
  }

  /** The calls that did not end as they should, from the log. */
  private List<String> passed(String log) {
    List<String> passed = new ArrayList<>();
    for (String line : log.lines().toList()) {
      int blank = line.indexOf(' ');
      String kind = blank < 0 ? "" : line.substring(0, blank);
      if (!Set.of("REFUSED", "BUILD", "CONTAINED", "SILENT").contains(kind)) {
        continue;
      }
      JsonNode call = TestHouse.parse(line.substring(blank));
      boolean refused = call.path("status").asInt() >= 400 && call.path("status").asInt() <= 503;
      String text = call.path("text").asText();
      boolean well =
          switch (kind) {
            case "REFUSED" -> refused;
            case "BUILD" -> refused || contained(text);
            case "SILENT" -> refused || text.isEmpty();
            default -> true;
          };
      if (!well || !call.path("leaks").isEmpty() || call.path("status").asInt() == 599) {
        passed.add(line);
      }
    }
    return passed;
  }

  /** A build that ran has its own network and the control group of its owner. */
  private static boolean contained(String text) {
    return text.matches("(?s).*CARDS\\s+lo:\\s*eth0:\\s.*GROUP \\S*/est.*");
  }

  /** Containers with any right over the host, of whomever: the house makes none for jobs. */
  private List<String> dangerous() {
    List<String> dangerous = new ArrayList<>();
    for (String id : house.engine("ps", "-aq").orFail().lines().toList()) {
      Shell.Result found = house.engine("inspect", id);
      if (found.exitCode() != 0) {
        continue;
      }
      JsonNode container = TestHouse.parse(found.out()).path(0);
      JsonNode host = container.path("HostConfig");
      boolean shares =
          List.of("PidMode", "IpcMode", "UTSMode", "UsernsMode", "NetworkMode").stream()
              .anyMatch(mode -> host.path(mode).asText().equals("host"));
      if (shares
          || host.path("Privileged").asBoolean()
          || !host.path("Devices").isEmpty()
          || host.path("SecurityOpt").toString().contains("unconfined")
          || host.path("CapAdd").toString().contains("SYS_")
          || mountsTheHost(container)) {
        dangerous.add(container.toString());
      }
    }
    return dangerous;
  }

  private boolean mountsTheHost(JsonNode container) {
    for (JsonNode mount : container.path("Mounts")) {
      String source = mount.path("Source").asText();
      if (mount.path("Type").asText().equals("bind") && !source.startsWith(house.home() + "/")) {
        return true;
      }
    }
    return false;
  }

  private static String resource(String name) {
    try (InputStream in = EscapesTest.class.getResourceAsStream("/escapes/" + name)) {
      if (in == null) {
        throw new AssertionError("no resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
