package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Ids;
import dev.esteira.base.Json;
import dev.esteira.cluster.ApiException;
import dev.esteira.cluster.ClusterEvents;
import dev.esteira.cluster.Deletion;
import dev.esteira.cluster.Kind;
import dev.esteira.cluster.Objects;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes and removes pods until each ReplicaSet has as many as it wants. */
final class ReplicaSetController {
  private static final String COMPONENT = "replicaset-controller";
  private static final int SUFFIX_LENGTH = 5;

  private final Objects objects;
  private final ClusterEvents events;
  private final InstantSource clock;
  private final PodCounts counts;

  ReplicaSetController(Objects objects, ClusterEvents events, InstantSource clock) {
    this.objects = objects;
    this.events = events;
    this.clock = clock;
    this.counts = new PodCounts(objects, clock);
  }

  void reconcile(String key) {
    String namespace = key.substring(0, key.indexOf('/'));
    Optional<ObjectNode> found =
        objects.get(Kind.REPLICA_SET, namespace, key.substring(key.indexOf('/') + 1));
    if (found.isEmpty() || Tree.deleting(found.get())) {
      return;
    }
    ObjectNode set = found.get();
    List<ObjectNode> pods =
        objects.list(Kind.POD, Optional.of(namespace)).stream()
            .filter(p -> Tree.controlledBy(p, Tree.uid(set)) && !Tree.deleting(p))
            .filter(p -> !PodCounts.ended(p))
            .toList();
    int wanted = set.path("spec").path("replicas").asInt(1);
    ReplicaPlan plan =
        ReplicaPlan.decide(wanted, pods.stream().map(ReplicaSetController::view).toList());
    String failure = null;
    try {
      for (int i = 0; i < plan.create(); i++) {
        create(set);
      }
      plan.delete().forEach(name -> delete(set, pods, name));
    } catch (ApiException e) {
      failure = e.text();
      events.record(
          ClusterEvents.Type.WARNING, set, COMPONENT, "FailedCreate", "Error creating: " + failure);
    }
    status(set, failure);
  }

  private static ReplicaPlan.PodView view(ObjectNode pod) {
    int restarts = 0;
    for (JsonNode container : pod.path("status").path("containerStatuses")) {
      restarts = Math.max(restarts, container.path("restartCount").asInt(0));
    }
    return new ReplicaPlan.PodView(
        Tree.name(pod),
        pod.path("status").path("phase").asText("").equals("Running"),
        Tree.isTrue(pod, "Ready"),
        restarts,
        Tree.time(pod.path("metadata").path("creationTimestamp")).orElse(Instant.EPOCH));
  }

  private void create(ObjectNode set) {
    JsonNode template = set.path("spec").path("template");
    ObjectNode pod = Json.object();
    pod.put("apiVersion", "v1").put("kind", "Pod");
    ObjectNode metadata = pod.putObject("metadata");
    String prefix = Tree.name(set) + "-";
    metadata.put("generateName", prefix);
    metadata.put("name", prefix + Ids.random(SUFFIX_LENGTH));
    metadata.put("namespace", Tree.namespace(set));
    for (String part : List.of("labels", "annotations")) {
      if (template.path("metadata").path(part) instanceof ObjectNode given) {
        metadata.set(part, given.deepCopy());
      }
    }
    String pinned = Tree.annotation(set, ImagePins.ANNOTATION);
    if (!pinned.isEmpty()) {
      DeploymentController.annotate(pod, ImagePins.ANNOTATION, pinned);
    }
    Tree.own(pod, set);
    pod.set("spec", template.path("spec").deepCopy());
    Tree.object(pod, "spec").put("nodeName", NodeObject.NAME);
    ObjectNode made = objects.create(Kind.POD, pod);
    events.record(
        ClusterEvents.Type.NORMAL,
        set,
        COMPONENT,
        "SuccessfulCreate",
        "Created pod: " + Tree.name(made));
  }

  private void delete(ObjectNode set, List<ObjectNode> pods, String name) {
    for (ObjectNode pod : pods) {
      if (Tree.name(pod).equals(name)) {
        Deletion how = Deletion.ordinary().ifUid(Tree.uid(pod));
        objects.delete(Kind.POD, Tree.namespace(pod), name, how);
        events.record(
            ClusterEvents.Type.NORMAL, set, COMPONENT, "SuccessfulDelete", "Deleted pod: " + name);
      }
    }
  }

  private void status(ObjectNode set, @Nullable String failure) {
    PodCounts.Count count =
        counts.bySet(Tree.namespace(set)).getOrDefault(Tree.uid(set), PodCounts.Count.NONE);
    int available = count.available(DeploymentController.minReadySeconds(set));
    long generation = set.path("metadata").path("generation").asLong(1);
    objects.apply(
        Kind.REPLICA_SET,
        Tree.namespace(set),
        Tree.name(set),
        now -> {
          if (Tree.uid(now).equals(Tree.uid(set))) {
            ObjectNode status = Json.object();
            status.put("replicas", count.active());
            put(status, "fullyLabeledReplicas", count.active());
            put(status, "readyReplicas", count.ready());
            put(status, "availableReplicas", available);
            status.put("observedGeneration", generation);
            if (failure != null) {
              ArrayNode conditions = status.putArray("conditions");
              Conditions.add(
                  conditions,
                  now,
                  "ReplicaFailure",
                  "True",
                  "FailedCreate",
                  failure,
                  clock.instant());
            }
            now.set("status", status);
          }
          return now;
        });
  }

  private static void put(ObjectNode status, String name, int count) {
    if (count > 0) {
      status.put(name, count);
    }
  }
}
