package dev.esteira.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;

/** Does in one step what the controllers do for a Deployment. */
final class TestingRollouts {
  private static final String REVISION = "deployment.kubernetes.io/revision";
  private final Objects objects;

  TestingRollouts(Objects objects) {
    this.objects = objects;
  }

  /** Records the present template as this revision and says that all of it runs. */
  void finish(String name, int revision) {
    ObjectNode deployment = objects.get(Kind.DEPLOYMENT, "default", name).orElseThrow();
    ObjectNode set = Json.object();
    Trees.metadata(set).put("name", name + "-" + revision).put("namespace", "default");
    Trees.object(set, "metadata", "annotations").put(REVISION, Integer.toString(revision));
    Trees.metadata(set).set("labels", deployment.at("/spec/template/metadata/labels"));
    ObjectNode spec = Trees.object(set, "spec");
    spec.set("selector", deployment.at("/spec/selector"));
    spec.set("template", deployment.at("/spec/template"));
    objects.create(Kind.REPLICA_SET, TestingObjects.ownedBy(deployment, set));
    objects.apply(
        Kind.DEPLOYMENT,
        "default",
        name,
        d -> {
          Trees.object(d, "metadata", "annotations").put(REVISION, Integer.toString(revision));
          return d;
        });
    objects.apply(Kind.DEPLOYMENT, "default", name, TestingRollouts::running);
  }

  private static ObjectNode running(ObjectNode deployment) {
    long replicas = Trees.number(deployment, "spec", "replicas");
    Trees.object(deployment, "status")
        .put("observedGeneration", Trees.number(deployment, "metadata", "generation"))
        .put("replicas", replicas)
        .put("updatedReplicas", replicas)
        .put("readyReplicas", replicas)
        .put("availableReplicas", replicas);
    return deployment;
  }

  static ObjectNode ready(ObjectNode pod) {
    ObjectNode status = Trees.object(pod, "status").put("phase", "Running");
    status.putArray("conditions").addObject().put("type", "Ready").put("status", "True");
    return pod;
  }
}
