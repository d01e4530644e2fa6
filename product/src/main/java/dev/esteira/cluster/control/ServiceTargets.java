package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.cluster.Kind;
import dev.esteira.cluster.Objects;
import dev.esteira.edge.Edge;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The pods that a service selects, as targets of balancers. */
final class ServiceTargets {
  private final Objects objects;

  ServiceTargets(Objects objects) {
    this.objects = objects;
  }

  /** A pod as a target: ready ones get requests. */
  record Backend(ObjectNode pod, boolean ready) {}

  List<Backend> of(ObjectNode service) {
    JsonNode selector = service.path("spec").path("selector");
    if (selector.isEmpty()) {
      return List.of();
    }
    Map<String, String> wanted = Tree.texts(selector);
    List<Backend> all = new ArrayList<>();
    for (ObjectNode pod : objects.list(Kind.POD, Optional.of(Tree.namespace(service)))) {
      boolean selected = Tree.labels(pod).entrySet().containsAll(wanted.entrySet());
      if (selected && !pod.path("status").path("podIP").asText("").isEmpty()) {
        boolean unready = service.path("spec").path("publishNotReadyAddresses").asBoolean(false);
        boolean ready = !Tree.deleting(pod) && (unready || Tree.isTrue(pod, "Ready"));
        all.add(new Backend(pod, ready));
      }
    }
    return all;
  }

  /** The ready ones at this port of the service, by pod. */
  static Map<String, Edge.Target> ready(List<Backend> backends, JsonNode port) {
    Map<String, Edge.Target> targets = new LinkedHashMap<>();
    for (Backend backend : backends) {
      if (backend.ready()) {
        target(backend.pod(), port).ifPresent(t -> targets.put(t.id(), t));
      }
    }
    return targets;
  }

  private static Optional<Edge.Target> target(ObjectNode pod, JsonNode port) {
    String address = pod.path("status").path("podIP").asText("");
    return port(pod, port).map(p -> new Edge.Target(Tree.uid(pod), address, p));
  }

  /** A number, or the name of a port that one of the pod's containers declares. */
  static Optional<Integer> port(JsonNode pod, JsonNode port) {
    JsonNode wanted = port.hasNonNull("targetPort") ? port.get("targetPort") : port.path("port");
    if (wanted.isInt() || wanted.asText("").matches("[0-9]{1,5}")) {
      return Optional.of(wanted.asInt());
    }
    for (JsonNode container : pod.path("spec").path("containers")) {
      for (JsonNode declared : container.path("ports")) {
        if (declared.path("name").asText("").equals(wanted.asText(""))) {
          return Optional.of(declared.path("containerPort").asInt());
        }
      }
    }
    return Optional.empty();
  }
}
