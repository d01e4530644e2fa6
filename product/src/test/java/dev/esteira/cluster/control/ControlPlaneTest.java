package dev.esteira.cluster.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Digest;
import dev.esteira.cluster.Deletion;
import dev.esteira.cluster.Kind;
import dev.esteira.cluster.PodLogs;
import dev.esteira.registry.Registry;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Deployments that really run, on an engine of this test's own. */
@Tag("system")
@Timeout(300)
class ControlPlaneTest {
  private static TestingHouse house;

  @BeforeAll
  static void start() throws Exception {
    house = new TestingHouse(false);
    house.images.tag("web:1", house.imageOne);
    house.images.tag("web:2", house.imageTwo);
  }

  @AfterAll
  static void stop() throws Exception {
    house.close();
  }

  @Test
  void aDeploymentBecomesReadyServesAndRolls() throws Exception {
    // Given a Deployment of two with a service
    house.create(Kind.SERVICE, TestingManifests.service("roll", "LoadBalancer"));
    String probe = "        readinessProbe: {httpGet: {path: /, port: http}}";
    Instant begun = Instant.now();
    house.create(Kind.DEPLOYMENT, TestingManifests.deployment("roll", "web:1", 2, probe));
    house.await("2 ready", () -> house.available("roll", 2));
    System.err.println("2 replicas ready after " + Duration.between(begun, Instant.now()));
    house.await("2 targets", () -> house.edge.targets("service/default/roll/80").size() == 2);
    assertTrue(house.get(Kind.SERVICE, "roll").at("/status/loadBalancer/ingress/0/ip").isTextual());
    ObjectNode pod = house.pods("roll").getFirst();
    ProbeCheck check = new ProbeCheck(house.engine, pod, pod.at("/status/podIP").asText());
    assertEquals(Optional.empty(), check.connects(8000, 1000));
    assertTrue(log(Tree.name(pod), false).contains("listening"));

    // When its image changes
    begun = Instant.now();
    house.objects.apply(
        Kind.DEPLOYMENT,
        "default",
        "roll",
        d -> {
          ((ObjectNode) d.at("/spec/template/spec/containers/0")).put("image", "web:2");
          return d;
        });
    house.await("rolled", () -> house.available("roll", 2) && house.pods("roll").size() == 2);
    System.err.println("rolled after " + Duration.between(begun, Instant.now()));

    // Then its pods run the new one, and the old ones were drained before they were stopped
    for (ObjectNode p : house.pods("roll")) {
      assertTrue(p.at("/status/containerStatuses/0/imageID").asText().contains("@sha256:"));
      assertEquals("web:2", p.at("/spec/containers/0/image").asText());
    }
    assertEquals(
        "2",
        Tree.annotation(house.get(Kind.DEPLOYMENT, "roll"), "deployment.kubernetes.io/revision"));
    assertTrue(
        ((TestingEdge) house.edge)
                .log.stream().filter(l -> l.startsWith("drain service/default/roll")).count()
            >= 2);
    assertEquals(
        "NewReplicaSetAvailable",
        Tree.condition(house.get(Kind.DEPLOYMENT, "roll"), "Progressing").path("reason").asText());

    // And when it is deleted nothing is left
    house.objects.delete(Kind.DEPLOYMENT, "default", "roll", Deletion.ordinary());
    house.await("gone", () -> house.pods("roll").isEmpty());
    house.objects.delete(Kind.SERVICE, "default", "roll", Deletion.ordinary());
  }

  @Test
  void crashesAndBadImagesSayWhy() throws Exception {
    house.create(
        Kind.POD,
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: crash, labels: {app: crash}}
        spec:
          containers: [{name: c, image: "web:1", command: [sh, -c, "echo dying; exit 3"]}]
        """);
    house.create(Kind.POD, pod("absent", "none:1", "[sleep, '100']"));
    house.create(Kind.POD, pod("invalid", "NOT!valid", "[sleep, '100']"));
    house.create(Kind.POD, pod("nocommand", "web:1", "[/no/such/program]"));
    house.create(Kind.POD, pod("once", "web:1", "[sh, -c, 'exit 0']"));
    await("crash", "CrashLoopBackOff");
    await("absent", "ErrImagePull");
    await("invalid", "InvalidImageName");
    await("nocommand", "RunContainerError");
    JsonNode crash = house.get(Kind.POD, "crash").at("/status/containerStatuses/0");
    assertEquals(3, crash.at("/lastState/terminated/exitCode").asInt());
    assertTrue(log("crash", true).contains("dying"));
    await("absent", "ImagePullBackOff");
    house.images.tag("none:1", house.imageOne);
    house.plane.tagMoved(new Registry.TagMoved("none", "1", Digest.of(new byte[0]), "user/x"));
    house.await("absent runs", () -> Tree.isTrue(house.get(Kind.POD, "absent"), "Ready"));
    assertTrue(
        house.events("crash").toString().contains("BackOff"), house.events("crash")::toString);
  }

  private static String pod(String name, String image, String command) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: %s}
    spec:
      terminationGracePeriodSeconds: 1
      containers: [{name: c, image: "%s", command: %s}]
    """
        .formatted(name, image, command);
  }

  private static void await(String pod, String reason) throws InterruptedException {
    house.await(
        pod + " " + reason,
        () ->
            house
                .get(Kind.POD, pod)
                .at("/status/containerStatuses/0/state/waiting/reason")
                .asText()
                .equals(reason));
  }

  @Test
  void aKilledContainerIsReplacedAndARestartAdopts() throws Exception {
    // Given a running Deployment behind a service
    house.create(Kind.SERVICE, TestingManifests.service("kill", "ClusterIP"));
    house.create(Kind.DEPLOYMENT, TestingManifests.deployment("kill", "web:1", 2, ""));
    house.await("2 ready", () -> house.available("kill", 2));
    house.await("2 targets", () -> house.edge.targets("service/default/kill/80").size() == 2);
    List<String> before = containers("kill");

    // When the control plane is replaced
    house.restartPlane();
    house.await("still 2", () -> house.available("kill", 2));

    // Then the containers are the same
    assertEquals(before, containers("kill"));

    // And when a container is killed
    JsonNode inspected = house.engine.inspectContainer(before.getFirst()).orElseThrow();
    long pid = inspected.at("/State/Pid").asLong();
    Instant begun = Instant.now();
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    house.await("dropped", () -> house.edge.targets("service/default/kill/80").size() == 1);
    System.err.println("dropped after " + Duration.between(begun, Instant.now()));
    house.await("replaced", () -> house.edge.targets("service/default/kill/80").size() == 2);
    System.err.println("replaced after " + Duration.between(begun, Instant.now()));

    // Then it was restarted at once, once
    house.await("ready again", () -> house.available("kill", 2));
    int restarts =
        house.pods("kill").stream()
            .mapToInt(p -> p.at("/status/containerStatuses/0/restartCount").asInt())
            .sum();
    assertEquals(1, restarts);
  }

  @Test
  void podsComeAgainAfterTheirContainersWereStopped() throws Exception {
    // Given a pod with a name service and a service of its own
    house.create(
        Kind.POD,
        pod("again", "web:1", "[sh, -c, 'cat /etc/resolv.conf /etc/hosts; exec sleep 100']"));
    house.await("runs", () -> Tree.isTrue(house.get(Kind.POD, "again"), "Ready"));
    String address = house.get(Kind.POD, "again").at("/status/podIP").asText();
    house.await("its files", () -> quietLog("again").contains(address + "\tagain"));
    assertTrue(quietLog("again").contains("search default.svc.cluster.local"));
    assertTrue(quietLog("again").contains("nameserver " + house.networks.houseAddress()));

    // When everything of it is stopped while nobody looks, as by an orderly down
    house.plane.close();
    String uid = Tree.uid(house.get(Kind.POD, "again"));
    house
        .engine
        .containers(Map.of(PodNames.POD, uid))
        .forEach(c -> house.engine.stopContainer(c.path("Id").asText(), 0));
    house.restartPlane();

    // Then it runs again, restarted once and without a back-off
    house.await(
        "runs again",
        () -> {
          JsonNode status = house.get(Kind.POD, "again").at("/status/containerStatuses/0");
          return status.path("ready").asBoolean() && status.path("restartCount").asInt() == 1;
        });
    // And what was made ahead of time and never used is gone with the pod
    house.objects.delete(Kind.POD, "default", "again", Deletion.now());
    house.await("nothing left", () -> house.engine.containers(Map.of(PodNames.POD, uid)).isEmpty());
  }

  @Test
  void aPodWhoseNetworkDiesComesAgainWithAnother() throws Exception {
    house.create(Kind.POD, pod("net", "web:1", "[sleep, '100']"));
    house.await("runs", () -> Tree.isTrue(house.get(Kind.POD, "net"), "Ready"));
    String uid = Tree.uid(house.get(Kind.POD, "net"));
    // All of it dies at once, the holder as well
    for (JsonNode c : house.engine.containers(Map.of(PodNames.POD, uid))) {
      JsonNode state =
          house.engine.inspectContainer(c.path("Id").asText()).orElseThrow().path("State");
      if (state.path("Running").asBoolean()) {
        ProcessHandle.of(state.path("Pid").asLong()).ifPresent(ProcessHandle::destroyForcibly);
      }
    }
    house.await(
        "runs again",
        () -> {
          JsonNode status = house.get(Kind.POD, "net").at("/status/containerStatuses/0");
          return status.path("ready").asBoolean() && status.path("restartCount").asInt() > 0;
        });
    house.objects.delete(Kind.POD, "default", "net", Deletion.ordinary());
    house.await("gone", () -> house.get(Kind.POD, "net").isEmpty());
  }

  private static String quietLog(String pod) {
    try {
      return log(pod, false);
    } catch (Exception e) {
      return "";
    }
  }

  private static List<String> containers(String app) {
    return house.pods(app).stream()
        .map(p -> p.at("/status/containerStatuses/0/containerID").asText().substring(9))
        .sorted()
        .toList();
  }

  private static String log(String pod, boolean previous) throws Exception {
    return log(house, pod, previous);
  }

  static String log(TestingHouse house, String pod, boolean previous) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String container = house.get(Kind.POD, pod).at("/spec/containers/0/name").asText();
    house
        .plane
        .podLogs()
        .write(
            new PodLogs.Request(
                "default",
                pod,
                container,
                false,
                previous,
                false,
                Optional.of(50L),
                Optional.empty(),
                Optional.empty()),
            out);
    return out.toString(StandardCharsets.UTF_8);
  }
}
