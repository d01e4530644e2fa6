package dev.esteira.cluster.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.cluster.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests through a real HAProxy while pods come, go and die. */
@Tag("system")
@Timeout(300)
class ZeroFailuresTest {
  private static final int CLIENTS = 4;
  private static final int ROLLOUTS = 4;

  private static TestingHouse house;

  private final AtomicBoolean ended = new AtomicBoolean();
  private final AtomicLong requests = new AtomicLong();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

  @BeforeAll
  static void start() throws Exception {
    house = new TestingHouse(true);
    house.images.tag("web:1", house.imageOne);
    house.images.tag("web:2", house.imageTwo);
  }

  @AfterAll
  static void stop() throws Exception {
    house.close();
  }

  @Test
  void rolloutsDeathsAndRestartsCostNoRequest() throws Exception {
    // Given two replicas without any probe behind a load balancer, under requests
    house.create(Kind.SERVICE, TestingManifests.service("zero", "LoadBalancer"));
    house.create(Kind.DEPLOYMENT, TestingManifests.deployment("zero", "web:1", 2, ""));
    house.await("2 ready", () -> house.available("zero", 2));
    house.await("targets", () -> house.edge.targets("service/default/zero/80").size() == 2);
    String ip = house.get(Kind.SERVICE, "zero").at("/status/loadBalancer/ingress/0/ip").asText();
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      boolean fresh = i % 2 == 0;
      clients.add(Thread.ofVirtual().start(() -> request(ip, fresh)));
    }

    // When it is rolled again and again, the control plane dies in between, and pods are killed
    for (int i = 0; i < ROLLOUTS; i++) {
      String image = i % 2 == 0 ? "web:2" : "web:1";
      Instant begun = Instant.now();
      house.objects.apply(Kind.DEPLOYMENT, "default", "zero", d -> withImage(d, image));
      if (i % 2 == 1) {
        house.await("begun " + i, () -> runs(image));
        house.restartPlane();
      }
      house.await("rolled " + i, () -> house.available("zero", 2));
      System.err.println("rollout " + i + " took " + Duration.between(begun, Instant.now()));
      kill();
    }
    ended.set(true);
    for (Thread client : clients) {
      client.join();
    }

    // Then no request failed
    System.err.println(requests.get() + " requests");
    assertTrue(requests.get() > 500, () -> "only " + requests.get());
    assertEquals(List.of(), failures.stream().limit(5).toList(), () -> failures.size() + " failed");
  }

  private static boolean runs(String image) {
    return house.pods("zero").stream()
        .anyMatch(p -> p.at("/spec/containers/0/image").asText().equals(image));
  }

  private static ObjectNode withImage(ObjectNode deployment, String image) {
    ((ObjectNode) deployment.at("/spec/template/spec/containers/0")).put("image", image);
    return deployment;
  }

  private static void kill() throws InterruptedException {
    String target = "service/default/zero/80";
    house.await("2 targets", () -> house.edge.targets(target).size() == 2);
    String id =
        house.pods("zero").stream()
            .filter(p -> !Tree.deleting(p))
            .map(p -> p.at("/status/containerStatuses/0/containerID").asText().substring(9))
            .findFirst()
            .orElseThrow();
    JsonNode inspected = house.engine.inspectContainer(id).orElseThrow();
    Instant begun = Instant.now();
    ProcessHandle.of(inspected.at("/State/Pid").asLong()).orElseThrow().destroyForcibly();
    house.await("dropped", () -> house.edge.targets(target).size() == 1);
    house.await("replaced", () -> house.edge.targets(target).size() == 2);
    System.err.println("kill: serving again after " + Duration.between(begun, Instant.now()));
    house.await("ready again", () -> house.available("zero", 2));
  }

  private void request(String ip, boolean fresh) {
    URI uri = URI.create("http://" + ip + "/");
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    while (!ended.get()) {
      HttpClient one =
          fresh ? HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build() : client;
      try {
        HttpRequest get = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).GET().build();
        HttpResponse<String> answer = one.send(get, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200 || !answer.body().startsWith("v")) {
          failures.add(Instant.now() + " " + answer.statusCode() + " " + answer.body());
        }
      } catch (IOException e) {
        failures.add(Instant.now() + " " + e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } finally {
        if (fresh) {
          one.close();
        }
      }
      requests.incrementAndGet();
    }
    client.close();
  }
}
