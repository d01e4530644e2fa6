package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A Deployment's status in the words of Kubernetes; {@code kubectl rollout status} reads them. */
final class DeploymentStatus {
  private final long generation;
  private final RolloutMachine.Observed seen;
  private final RolloutMachine.State state;
  private final Instant now;
  private final boolean hasDeadline;
  private @Nullable String createdSet;
  private @Nullable String failure;

  DeploymentStatus(
      JsonNode deployment, RolloutMachine.Observed seen, RolloutMachine.State state, Instant now) {
    this.generation = deployment.path("metadata").path("generation").asLong(1);
    this.seen = seen;
    this.state = state;
    this.now = now;
    this.hasDeadline = seen.spec().progressDeadlineSeconds() < Integer.MAX_VALUE;
  }

  void created(String set) {
    createdSet = set;
  }

  void failed(String why) {
    failure = why;
  }

  void writeTo(ObjectNode deployment) {
    RolloutMachine.Counts counts = seen.counts();
    ObjectNode status = Json.object();
    status.put("observedGeneration", generation);
    put(status, "replicas", counts.replicas());
    put(status, "updatedReplicas", counts.updated());
    put(status, "readyReplicas", counts.ready());
    put(status, "availableReplicas", counts.available());
    int wanted = Math.max(counts.replicas(), seen.spec().replicas());
    put(status, "unavailableReplicas", wanted - counts.available());
    ArrayNode conditions = status.putArray("conditions");
    available(conditions, deployment, counts);
    if (hasDeadline) {
      progressing(conditions, deployment);
    }
    if (failure != null) {
      Conditions.add(
          conditions, deployment, "ReplicaFailure", "True", "FailedCreate", failure, now);
    }
    deployment.set("status", status);
  }

  private static void put(ObjectNode status, String name, int count) {
    if (count > 0) {
      status.put(name, count);
    }
  }

  private void available(ArrayNode conditions, JsonNode old, RolloutMachine.Counts counts) {
    boolean enough = counts.available() >= seen.spec().replicas() - seen.spec().maxUnavailable();
    ObjectNode condition =
        enough
            ? Conditions.add(
                conditions,
                old,
                "Available",
                "True",
                "MinimumReplicasAvailable",
                "Deployment has minimum availability.",
                now)
            : Conditions.add(
                conditions,
                old,
                "Available",
                "False",
                "MinimumReplicasUnavailable",
                "Deployment does not have minimum availability.",
                now);
    condition.set("lastUpdateTime", condition.get("lastTransitionTime"));
  }

  private void progressing(ArrayNode conditions, JsonNode old) {
    String set = createdSet != null ? createdSet : state.current();
    String quoted = "ReplicaSet \"" + set + "\"";
    ObjectNode condition =
        switch (state.progress()) {
          case COMPLETE ->
              progressing(
                  conditions,
                  old,
                  "True",
                  "NewReplicaSetAvailable",
                  quoted + " has successfully progressed.");
          case TIMED_OUT ->
              progressing(
                  conditions,
                  old,
                  "False",
                  "ProgressDeadlineExceeded",
                  quoted + " has timed out progressing.");
          case PAUSED ->
              progressing(conditions, old, "Unknown", "DeploymentPaused", "Deployment is paused");
          case PROGRESSING ->
              createdSet != null
                  ? progressing(
                      conditions,
                      old,
                      "True",
                      "NewReplicaSetCreated",
                      "Created new replica set \"" + set + "\"")
                  : progressing(
                      conditions, old, "True", "ReplicaSetUpdated", quoted + " is progressing.");
        };
    condition.put("lastUpdateTime", Tree.time(state.lastProgress()));
  }

  private ObjectNode progressing(
      ArrayNode conditions, JsonNode old, String status, String reason, String message) {
    return Conditions.add(conditions, old, "Progressing", status, reason, message, now);
  }
}
