package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.cluster.ApiException;
import dev.esteira.cluster.Kind;
import dev.esteira.cluster.Objects;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Writes the Endpoints and the EndpointSlice of a service that selects pods. */
final class EndpointObjects {
  private final Objects objects;

  EndpointObjects(Objects objects) {
    this.objects = objects;
  }

  void write(ObjectNode service, List<ObjectNode> pods) {
    if (service.path("spec").path("selector").isEmpty()) {
      return;
    }
    List<ObjectNode> sorted = new ArrayList<>(pods);
    sorted.sort(Comparator.comparing(Tree::name));
    put(Kind.ENDPOINTS, service, Tree.name(service), endpoints(service, sorted));
    String uid = Tree.uid(service);
    String slice = Tree.name(service) + "-" + uid.substring(0, Math.min(5, uid.length()));
    put(Kind.ENDPOINT_SLICE, service, slice, slice(service, sorted));
  }

  private void put(Kind kind, ObjectNode service, String name, ObjectNode wanted) {
    wanted.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
    ObjectNode metadata = Tree.object(wanted, "metadata");
    metadata.put("name", name).put("namespace", Tree.namespace(service));
    Tree.own(wanted, service);
    Optional<ObjectNode> there = objects.get(kind, Tree.namespace(service), name);
    if (there.isEmpty()) {
      try {
        objects.create(kind, wanted);
      } catch (ApiException e) {
        if (e.reason() != ApiException.Reason.ALREADY_EXISTS
            && e.reason() != ApiException.Reason.NOT_FOUND) {
          throw e;
        }
      }
      return;
    }
    objects.apply(
        kind,
        Tree.namespace(service),
        name,
        old -> {
          for (String field : List.of("subsets", "endpoints", "ports", "addressType")) {
            old.remove(field);
            if (wanted.has(field)) {
              old.set(field, wanted.get(field).deepCopy());
            }
          }
          return old;
        });
  }

  private static ObjectNode endpoints(ObjectNode service, List<ObjectNode> pods) {
    ObjectNode endpoints = Json.object();
    Tree.texts(service.path("metadata").path("labels"))
        .forEach((k, v) -> Tree.object(endpoints, "metadata", "labels").put(k, v));
    ObjectNode subset = Json.object();
    for (boolean ready : new boolean[] {true, false}) {
      ArrayNode addresses = Json.array();
      for (ObjectNode pod : pods) {
        if (isReady(pod) == ready && !Tree.deleting(pod) && !PodCounts.ended(pod)) {
          ObjectNode address = addresses.addObject();
          address.put("ip", pod.path("status").path("podIP").asText(""));
          address.put("nodeName", NodeObject.NAME);
          reference(address.putObject("targetRef"), pod);
        }
      }
      if (!addresses.isEmpty()) {
        subset.set(ready ? "addresses" : "notReadyAddresses", addresses);
      }
    }
    if (!subset.isEmpty()) {
      subset.set("ports", ports(service, pods));
      endpoints.putArray("subsets").add(subset);
    }
    return endpoints;
  }

  private static boolean isReady(JsonNode pod) {
    return Tree.isTrue(pod, "Ready");
  }

  private static void reference(ObjectNode to, JsonNode pod) {
    to.put("kind", "Pod").put("namespace", Tree.namespace(pod));
    to.put("name", Tree.name(pod)).put("uid", Tree.uid(pod));
  }

  private static ArrayNode ports(ObjectNode service, List<ObjectNode> pods) {
    ArrayNode ports = Json.array();
    for (JsonNode port : service.path("spec").path("ports")) {
      ObjectNode one = ports.addObject();
      if (port.hasNonNull("name")) {
        one.set("name", port.get("name"));
      }
      JsonNode any = pods.isEmpty() ? Json.object() : pods.getFirst();
      ServiceTargets.port(any, port).ifPresent(p -> one.put("port", p));
      one.put("protocol", port.path("protocol").asText("TCP"));
    }
    return ports;
  }

  private static ObjectNode slice(ObjectNode service, List<ObjectNode> pods) {
    ObjectNode slice = Json.object();
    ObjectNode labels = Tree.object(slice, "metadata", "labels");
    Tree.texts(service.path("metadata").path("labels")).forEach(labels::put);
    labels.put("kubernetes.io/service-name", Tree.name(service));
    labels.put("endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io");
    slice.put("addressType", "IPv4");
    ArrayNode endpoints = slice.putArray("endpoints");
    for (ObjectNode pod : pods) {
      if (PodCounts.ended(pod)) {
        continue;
      }
      ObjectNode endpoint = endpoints.addObject();
      endpoint.putArray("addresses").add(pod.path("status").path("podIP").asText(""));
      boolean ready = isReady(pod);
      endpoint
          .putObject("conditions")
          .put("ready", ready && !Tree.deleting(pod))
          .put("serving", ready)
          .put("terminating", Tree.deleting(pod));
      endpoint.put("nodeName", NodeObject.NAME);
      reference(endpoint.putObject("targetRef"), pod);
    }
    slice.set("ports", ports(service, pods));
    return slice;
  }
}
