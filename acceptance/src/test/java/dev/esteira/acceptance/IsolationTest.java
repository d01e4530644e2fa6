package dev.esteira.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that run at once do not meet: not by a tag, not over the network. */
@Tag("system")
class IsolationTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final String IMAGE = Delivery.HUB + "/python:3";
  private static final int ROUNDS = 3;

  private final TestHouse house = TestHouse.shared();

  @TempDir Path directory;

  private final List<Delivery> deliveries = new ArrayList<>();
  private final List<WebApplication> applications = new ArrayList<>();

  @AfterEach
  void leaveNothingRunning() {
    deliveries.forEach(Delivery::cancel);
    applications.forEach(WebApplication::delete);
  }

  private Delivery delivery(String name) {
    deliveries.add(new Delivery(house, directory, name));
    return deliveries.getLast();
  }

  @Test
  void twoJobsThatTagTheSameNameAtOnceNeverMeet() {
    List<Delivery> both = List.of(tagging("one"), tagging("two"));
    both.forEach(Delivery::push);
    for (Delivery delivery : both) {
      String log = delivery.follow().orFail();
      List<String> seen = log.lines().filter(line -> line.startsWith("SEEN")).toList();
      assertEquals(2 * ROUNDS, seen.size(), log);
      assertTrue(seen.stream().allMatch(("SEEN " + delivery.project() + " 1")::equals), log);
    }
  }

  @Test
  void aJobReachesTheHouseAndNoNeighbour() {
    // Given a job with servers in its sandbox, in a container and on a published port, and an
    // application behind a load balancer
    Delivery neighbour = neighbour();
    String name = "iso" + Long.toString(System.nanoTime() & 0xffffff, 36);
    WebApplication application = new WebApplication(house.client(directory), name);
    applications.add(application);
    String balancer = application.start("v1");
    String theirs = neighbour.awaitLine("ADDRESSES", LIMIT);
    JsonNode addresses = TestHouse.parse(theirs);

    // When another job, a container of its own and a step of a Dockerfile try to reach them
    Delivery job = delivery("reaching");
    job.file("reach.py", reach())
        .file("Dockerfile", "FROM " + IMAGE + "\nCOPY . /w\nRUN python3 /w/reach.py built\n");
    job.file("targets.json", targets(addresses, balancer));
    job.commands(
        "python3 reach.py job",
        "docker run --rm -v $PWD:/w " + IMAGE + " python3 /w/reach.py run",
        "docker build -t reach .",
        "aws sts get-caller-identity",
        "aws eks update-kubeconfig --region us-east-1 --name any && kubectl get nodes",
        "echo \"CONSOLE $(curl -s -o /dev/null -w '%{http_code}' "
            + house.endpoints().path("console").asText()
            + "/)\"");
    String log = job.deliver();

    assertTrue(log.contains("CONSOLE 403"), log);

    // Then what is the house's answers, what is a neighbour's does not
    for (String place : List.of("job", "run", "built")) {
      JsonNode found = found(log, place);
      for (JsonNode target : TestHouse.parse(targets(addresses, balancer))) {
        String what = target.path("what").asText();
        String expected = target.path("reached").asBoolean() ? "open" : "closed";
        assertEquals(expected, found.path(what).asText(), what + " from " + place + "\n" + log);
      }
    }
  }

  private Delivery neighbour() {
    Delivery neighbour = delivery("neighbour");
    neighbour.commands(
        """
        python3 -m http.server 8123 > /dev/null 2>&1 &
        docker run -d --name web -p 8080:8000 HUB/python:3 python3 -m http.server 8000
        web=$(docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' web)
        gateway=$(docker inspect -f '{{range .NetworkSettings.Networks}}{{.Gateway}}{{end}}' web)
        own=$(hostname -i | cut -d' ' -f1)
        for i in $(seq 50); do
          python3 -c "
        import socket
        for place in (('$web', 8000), ('$own', 8123)): socket.create_connection(place, 1)" && break
          sleep 0.1
        done
        printf 'ADDRESSES {"web":"%s","own":"%s","gateway":"%s"}\\n' $web $own $gateway
        """
            .replace("HUB", Delivery.HUB),
        "sleep 300");
    neighbour.push();
    return neighbour;
  }

  private String targets(JsonNode theirs, String balancer) {
    JsonNode doors = house.endpoints();
    return "["
        + String.join(
            ",",
            target("the neighbour's sandbox", theirs.path("own").asText(), 8123, false),
            target("the neighbour's container", theirs.path("web").asText(), 8000, false),
            target("the neighbour's published port", theirs.path("gateway").asText(), 8080, false),
            target("the neighbour's gateway", theirs.path("gateway").asText(), 53, false),
            target("the host by that gateway", theirs.path("gateway").asText(), 22, false),
            target("the metadata service", "169.254.169.254", 80, false),
            target("the load balancer", balancer, 80, true),
            target("git", doors.path("house").asText(), port(doors, "git"), true),
            target("the registry", doors.path("house").asText(), port(doors, "registry"), true),
            target("kubernetes", doors.path("house").asText(), port(doors, "kubernetes"), true),
            target("aws", doors.path("house").asText(), port(doors, "aws"), true),
            target("the registry by name", "1.dkr.ecr.eu-west-1.amazonaws.com", 443, true),
            target("sts by name", "sts.sa-east-1.amazonaws.com", 443, true),
            target("git by name", "git-codecommit.us-east-1.amazonaws.com", 443, true))
        + "]";
  }

  private static int port(JsonNode doors, String door) {
    return java.net.URI.create(doors.path(door).asText()).getPort();
  }

  private static String target(String what, String host, int port, boolean reached) {
    return "{\"what\":\"%s\",\"host\":\"%s\",\"port\":%d,\"reached\":%s}"
        .formatted(what, host, port, reached);
  }

  /** Tries all targets at once, and says which of them are open. */
  private static String reach() {
    return """
    import concurrent.futures, json, os, socket, sys
    def look(target):
        try:
            socket.create_connection((target["host"], target["port"]), 4).close()
            return target["what"], "open"
        except OSError as e:
            return target["what"], "closed"
    here = os.path.dirname(os.path.abspath(__file__))
    targets = json.load(open(os.path.join(here, "targets.json")))
    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        print("REACH", sys.argv[1], json.dumps(dict(pool.map(look, targets))))
    """;
  }

  private static JsonNode found(String log, String place) {
    String beginning = "REACH " + place + " ";
    return log.lines()
        .filter(line -> line.startsWith(beginning))
        .findFirst()
        .map(line -> TestHouse.parse(line.substring(beginning.length())))
        .orElseThrow(() -> new AssertionError("no word from " + place + "\n" + log));
  }

  /** Builds, runs and counts {@code current:latest} over and over. */
  private Delivery tagging(String name) {
    Delivery delivery = delivery(name);
    delivery.file("Dockerfile", "FROM HUB/python:3\nCOPY who /who\n".replace("HUB", Delivery.HUB));
    delivery.file("who", delivery.project());
    return delivery.commands(
        """
        for i in $(seq %d); do
          echo $i > salt
          docker build -q -t current:latest . > /dev/null
          echo "SEEN $(docker run --rm current:latest cat /who) $(docker images -q current | wc -l)"
          docker tag current:latest HUB/iso/shared:$i
          echo "SEEN $(docker run --rm current:latest cat /who) $(docker images -q current | wc -l)"
        done
        """
            .formatted(ROUNDS)
            .replace("HUB", Delivery.HUB));
  }
}
