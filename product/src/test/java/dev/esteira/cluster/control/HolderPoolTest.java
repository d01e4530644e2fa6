package dev.esteira.cluster.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.Ids;
import dev.esteira.cluster.Deletion;
import dev.esteira.cluster.Kind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Networks that wait for pods, on an engine of this test's own. */
@Tag("system")
@Timeout(300)
class HolderPoolTest {
  private TestingHouse house;

  @BeforeEach
  void start() throws Exception {
    house = new TestingHouse(false);
    house.images.tag("web:1", house.imageOne);
  }

  @AfterEach
  void stop() throws Exception {
    house.close();
  }

  @Test
  void podsTakeThemUnderTheirOwnNamesAndARestartFindsThemAgain() throws Exception {
    // Given a cluster without pods: nothing waits for any
    assertEquals(Set.of(), running());

    // When it has one, then networks are made for the next
    pod("first");
    awaitWaiting(Set.of());
    Set<String> made = running();

    // When the next come, then each has one of these, and its own name in it
    pod("second");
    pod("third");
    Set<String> taken = new TreeSet<>(List.of(holder("second"), holder("third")));
    assertEquals(made, taken);
    for (String name : List.of("first", "second", "third")) {
      house.await(
          name + " knows its name", () -> log(name).contains(name + " " + name + " " + name));
    }
    awaitWaiting(taken);
    Set<String> waiting = running();
    waiting.removeAll(taken);

    // When the process is another, then what waited waits, what is taken stays, the rest is gone
    String left = house.engine.createContainer("left-" + Ids.random(6), spareConfig());
    house.restartPlane();
    house.await("left-over gone", () -> house.engine.inspectContainer(left).isEmpty());
    assertTrue(running().containsAll(waiting));
    assertTrue(running().containsAll(taken));
    pod("fourth");
    assertTrue(waiting.contains(holder("fourth")), "one that waited before the restart");

    // When the pods go, then so do their networks
    for (String name : List.of("second", "third", "fourth")) {
      house.objects.delete(Kind.POD, "default", name, Deletion.now());
    }
    house.await("gone", () -> running().stream().noneMatch(taken::contains));
  }

  @Test
  void oneThatDiedWhileItWaitedIsNotUsed() throws Exception {
    pod("first");
    awaitWaiting(Set.of());
    running().forEach(id -> house.engine.stopContainer(id, 0));
    pod("second");
    assertTrue(running().isEmpty() || !running().contains(holder("second")));
  }

  private JsonNode spareConfig() {
    return Holder.spare(Holder.image(house.engine), house.home.id(), "none");
  }

  private void pod(String name) throws InterruptedException {
    house.create(
        Kind.POD,
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s}
        spec:
          terminationGracePeriodSeconds: 1
          containers:
          - name: c
            image: "web:1"
            command:
            - sh
            - -c
            - |
              read name < /proc/sys/kernel/hostname
              echo $name $HOSTNAME $(cat /etc/hostname)
              exec sleep 100
        """
            .formatted(name));
    house.await(name, () -> Tree.isTrue(house.get(Kind.POD, name), "Ready"));
  }

  private String log(String pod) {
    try {
      return ControlPlaneTest.log(house, pod, false);
    } catch (Exception e) {
      return "";
    }
  }

  /** The holder whose network the pod's container joined. */
  private String holder(String pod) {
    String uid = Tree.uid(house.get(Kind.POD, pod));
    return house.engine.containers(Map.of(PodNames.POD, uid, PodNames.ATTEMPT, "0")).stream()
        .map(c -> c.path("Labels").path(PodNames.SANDBOX).asText(""))
        .filter(id -> !id.isEmpty())
        .findFirst()
        .orElse("");
  }

  /** The holders made for nobody in particular that run, taken or not. */
  private Set<String> running() {
    return house.engine.containers(PodNames.spares(house.home.id())).stream()
        .filter(c -> c.path("State").asText("").equals("running"))
        .map(c -> c.path("Id").asText())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private void awaitWaiting(Set<String> taken) throws InterruptedException {
    house.await(
        "as many wait as may",
        () ->
            running().stream().filter(id -> !taken.contains(id)).count() == HolderPool.WAITING_MAX);
  }
}
