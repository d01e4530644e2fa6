package dev.esteira.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** Rows of Deployments and ReplicaSets. */
final class WorkloadTables {
  private WorkloadTables() {}

  static Table deployment() {
    return Table.of(
        "Name|Ready|Up-to-date#|Available#|Age|Containers*|Images*|Selector*",
        WorkloadTables::deploymentRow);
  }

  static Table replicaSet() {
    return Table.of(
        "Name|Desired#|Current#|Ready#|Age|Containers*|Images*|Selector*",
        WorkloadTables::replicaSetRow);
  }

  private static List<String> deploymentRow(ObjectNode deployment, Instant now) {
    return List.of(
        Trees.name(deployment),
        status(deployment, "readyReplicas") + "/" + Trees.number(deployment, "spec", "replicas"),
        status(deployment, "updatedReplicas"),
        status(deployment, "availableReplicas"),
        Table.age(deployment, now),
        containers(deployment, "name"),
        containers(deployment, "image"),
        LabelSelector.format(Trees.at(deployment, "spec", "selector")));
  }

  private static List<String> replicaSetRow(ObjectNode replicaSet, Instant now) {
    return List.of(
        Trees.name(replicaSet),
        Long.toString(Trees.number(replicaSet, "spec", "replicas")),
        status(replicaSet, "replicas"),
        status(replicaSet, "readyReplicas"),
        Table.age(replicaSet, now),
        containers(replicaSet, "name"),
        containers(replicaSet, "image"),
        LabelSelector.format(Trees.at(replicaSet, "spec", "selector")));
  }

  private static String status(ObjectNode object, String field) {
    return Long.toString(Trees.number(object, "status", field));
  }

  private static String containers(ObjectNode object, String field) {
    return Trees.objects(object, "spec", "template", "spec", "containers").stream()
        .map(c -> Trees.text(c, field))
        .collect(Collectors.joining(","));
  }
}
