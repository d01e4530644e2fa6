package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.esteira.base.Awaiting;
import dev.esteira.base.Commands;
import dev.esteira.base.Home;
import dev.esteira.base.Json;
import dev.esteira.base.Yaml;
import dev.esteira.base.YamlNode;
import dev.esteira.cluster.ClusterEvents;
import dev.esteira.cluster.Kind;
import dev.esteira.cluster.Objects;
import dev.esteira.cluster.ServiceAddresses;
import dev.esteira.edge.Edge;
import dev.esteira.edge.HaproxyEdge;
import dev.esteira.edge.Listeners;
import dev.esteira.engine.DockerEngine;
import dev.esteira.engine.TestingRootfs;
import dev.esteira.net.LinuxNetworks;
import dev.esteira.net.TestingGround;
import dev.esteira.store.Ledger;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** A home with a real engine, networks and ledger, and a control plane that can be replaced. */
final class TestingHouse implements AutoCloseable {
  final Home home;
  final Ledger ledger;
  final DockerEngine engine;
  final LinuxNetworks networks;
  final Objects objects;
  final Edge edge;
  private final Listeners listeners;
  private final Optional<HaproxyEdge> haproxy;
  final TestingImages images = new TestingImages();
  final String imageOne;
  final String imageTwo;
  private final TestingGround ground = new TestingGround();
  ControlPlane plane;

  /** {@code balanced}: behind a real HAProxy, else behind balancers that only remember. */
  TestingHouse(boolean balanced) throws Exception {
    home = ground.home;
    ledger = ground.ledger;
    engine = ground.engine;
    networks = ground.networks;
    haproxy =
        balanced
            ? Optional.of(new HaproxyEdge(home, ledger, networks, InstantSource.system()))
            : Optional.empty();
    haproxy.ifPresent(HaproxyEdge::start);
    TestingEdge remembering = new TestingEdge();
    edge = haproxy.isPresent() ? haproxy.get() : remembering;
    listeners = haproxy.isPresent() ? haproxy.get() : remembering;
    byte[] tar = rootfs();
    imageOne = importImage(tar, "1");
    imageTwo = importImage(tar, "2");
    objects = Objects.over(ledger, InstantSource.system(), new Addresses());
    plane = newPlane();
    plane.start();
  }

  private final class Addresses implements ServiceAddresses {
    @Override
    public String take(String holder, Optional<String> wanted) {
      return networks.takeClusterAddress(holder, wanted);
    }

    @Override
    public void release(String holder) {
      networks.releaseAddress(holder);
    }
  }

  private ControlPlane newPlane() {
    return new ControlPlane(
        new ControlPlane.Parts(
            home,
            objects,
            ClusterEvents.over(objects, InstantSource.system()),
            ledger,
            engine,
            networks,
            edge,
            listeners,
            images,
            InstantSource.system()));
  }

  /** The process dies and another goes on. */
  void restartPlane() {
    plane.close();
    plane = newPlane();
    plane.start();
  }

  private String importImage(byte[] tar, String version) {
    return engine.importImage(
        new ByteArrayInputStream(tar), "web", version, List.of("ENV VERSION=" + version));
  }

  /** perl, which can serve HTTP, and a shell; from this machine, about 10 MB. */
  private byte[] rootfs() throws IOException {
    String libraries =
        Commands.check(
            List.of("perl", "-MConfig", "-e", "print join qq(\\n), grep { /perl-base/ } @INC"));
    return TestingRootfs.pack(
        ground.directory,
        List.of("/usr/bin/perl", "/bin/sh", "/bin/bash", "/bin/sleep", "/bin/cat"),
        libraries.lines().filter(l -> !l.isBlank()).toList());
  }

  ObjectNode create(Kind kind, String yaml) {
    ObjectNode object = (ObjectNode) json(Yaml.read("test.yaml", yaml).first());
    ObjectNode metadata = (ObjectNode) object.path("metadata");
    if (kind.namespaced() && !metadata.has("namespace")) {
      metadata.put("namespace", "default");
    }
    return objects.create(kind, object);
  }

  private static JsonNode json(YamlNode node) {
    return switch (node) {
      case YamlNode.Mapping m -> {
        ObjectNode object = Json.object();
        m.entries().forEach(e -> object.set(e.key(), json(e.value())));
        yield object;
      }
      case YamlNode.Sequence s -> {
        ArrayNode array = Json.array();
        s.items().forEach(i -> array.add(json(i)));
        yield array;
      }
      case YamlNode.Scalar s ->
          s.text().matches("[0-9]+")
              ? IntNode.valueOf(Integer.parseInt(s.text()))
              : TextNode.valueOf(s.text());
    };
  }

  List<ObjectNode> pods(String app) {
    return objects.list(Kind.POD, Optional.of("default")).stream()
        .filter(p -> app.equals(Tree.labels(p).get("app")))
        .toList();
  }

  ObjectNode get(Kind kind, String name) {
    return objects.get(kind, "default", name).orElseGet(Json::object);
  }

  /** Whether the rollout is over, as {@code kubectl rollout status} sees it. */
  boolean available(String name, int replicas) {
    JsonNode d = get(Kind.DEPLOYMENT, name);
    JsonNode status = d.path("status");
    return status.path("observedGeneration").asLong() == d.at("/metadata/generation").asLong()
        && status.path("updatedReplicas").asInt() == replicas
        && status.path("replicas").asInt() == replicas
        && status.path("availableReplicas").asInt() == replicas;
  }

  List<String> events(String about) {
    return objects.list(Kind.EVENT, Optional.of("default")).stream()
        .filter(e -> e.path("involvedObject").path("name").asText("").startsWith(about))
        .map(e -> e.path("reason").asText("") + ": " + e.path("message").asText(""))
        .toList();
  }

  void await(String what, BooleanSupplier holds) throws InterruptedException {
    Awaiting.until(holds, () -> what + "\n" + dump());
  }

  String dump() {
    StringBuilder text = new StringBuilder();
    for (Kind kind : List.of(Kind.DEPLOYMENT, Kind.REPLICA_SET, Kind.POD)) {
      for (JsonNode object : objects.list(kind, Optional.empty())) {
        text.append(kind).append(' ').append(Tree.key(object)).append(' ');
        text.append(object.path("status")).append('\n');
      }
    }
    objects
        .list(Kind.EVENT, Optional.empty())
        .forEach(e -> text.append(e.path("reason")).append(e.path("message")).append('\n'));
    return text.toString();
  }

  @Override
  public void close() {
    plane.close();
    haproxy.ifPresent(HaproxyEdge::stop);
    ground.close();
  }
}
