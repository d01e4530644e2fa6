package dev.esteira.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What Deployments and ReplicaSets get that do not say it. */
final class WorkloadDefaults {
  private static final String PERCENT = "25%";

  private WorkloadDefaults() {}

  static void deployment(ObjectNode deployment) {
    ObjectNode spec = Trees.object(deployment, "spec");
    Trees.absent(spec, "replicas", 1);
    Trees.absent(spec, "revisionHistoryLimit", 10);
    Trees.absent(spec, "progressDeadlineSeconds", 600);
    ObjectNode strategy = Trees.object(spec, "strategy");
    Trees.blank(strategy, "type", "RollingUpdate");
    if (Trees.text(strategy, "type").equals("RollingUpdate")) {
      ObjectNode rolling = Trees.object(strategy, "rollingUpdate");
      Trees.absent(rolling, "maxUnavailable", PERCENT);
      Trees.absent(rolling, "maxSurge", PERCENT);
    }
    template(spec);
  }

  static void replicaSet(ObjectNode replicaSet) {
    ObjectNode spec = Trees.object(replicaSet, "spec");
    Trees.absent(spec, "replicas", 1);
    template(spec);
  }

  private static void template(ObjectNode spec) {
    if (spec.path("template").path("spec") instanceof ObjectNode podSpec) {
      PodDefaults.spec(podSpec);
    }
  }
}
