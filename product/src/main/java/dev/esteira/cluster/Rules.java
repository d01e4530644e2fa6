package dev.esteira.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/** The rules of each kind: what is filled in, what is refused. */
final class Rules {
  private Rules() {}

  /** The status that an object is made with; a client's own is dropped. */
  static void firstStatus(Kind kind, ObjectNode object) {
    if (kind == Kind.NODE) {
      return;
    }
    if (kind.hasStatus()) {
      object.remove("status");
    }
    switch (kind) {
      case POD -> Trees.object(object, "status").put("phase", "Pending");
      case NAMESPACE -> Trees.object(object, "status").put("phase", "Active");
      case SERVICE, INGRESS -> Trees.object(object, "status", "loadBalancer");
      case REPLICA_SET -> Trees.object(object, "status").put("replicas", 0);
      case DEPLOYMENT -> Trees.object(object, "status");
      case NODE, ENDPOINTS, CONFIG_MAP, SECRET, SERVICE_ACCOUNT, EVENT, ENDPOINT_SLICE -> {}
    }
  }

  static void defaults(Kind kind, ObjectNode object) {
    switch (kind) {
      case POD -> PodDefaults.pod(object);
      case DEPLOYMENT -> WorkloadDefaults.deployment(object);
      case REPLICA_SET -> WorkloadDefaults.replicaSet(object);
      case SERVICE -> ServiceDefaults.service(object);
      case ENDPOINTS -> ServiceDefaults.endpoints(object);
      case ENDPOINT_SLICE -> ServiceDefaults.endpointSlice(object);
      case SECRET -> ConfigDefaults.secret(object);
      case NAMESPACE -> ConfigDefaults.namespace(object);
      case NODE, CONFIG_MAP, SERVICE_ACCOUNT, EVENT, INGRESS -> {}
    }
  }

  /** Carries over what an update may leave out. */
  static void keep(Kind kind, ObjectNode wanted, ObjectNode old) {
    switch (kind) {
      case SERVICE -> ServiceDefaults.keepNodePorts(wanted, old);
      case POD -> keepFinished(wanted, old);
      case NAMESPACE,
          NODE,
          ENDPOINTS,
          CONFIG_MAP,
          SECRET,
          SERVICE_ACCOUNT,
          EVENT,
          DEPLOYMENT,
          REPLICA_SET,
          ENDPOINT_SLICE,
          INGRESS -> {}
    }
  }

  /** The service quality class never changes. */
  private static void keepFinished(ObjectNode wanted, ObjectNode old) {
    Trees.optional(old, "status", "qosClass")
        .ifPresent(q -> Trees.object(wanted, "status").put("qosClass", q));
  }

  static void validate(Kind kind, ObjectNode object, Optional<ObjectNode> old) {
    Violations out = new Violations();
    NameRules.metadata(kind, object, out);
    switch (kind) {
      case POD -> {
        PodRules.spec(Trees.object(object, "spec"), "spec", out);
        old.ifPresent(o -> PodRules.update(object, o, out));
      }
      case DEPLOYMENT, REPLICA_SET -> WorkloadRules.check(kind, object, old, out);
      case SERVICE -> ServiceRules.check(object, old, out);
      case CONFIG_MAP -> ConfigRules.configMap(object, old, out);
      case SECRET -> ConfigRules.secret(object, old, out);
      case INGRESS -> IngressRules.check(object, out);
      case NODE -> old.ifPresent(before -> node(before, object, out));
      case NAMESPACE, ENDPOINTS, SERVICE_ACCOUNT, EVENT, ENDPOINT_SLICE -> {}
    }
    out.throwIfAny(kind, Trees.name(object));
  }

  /** Where pods may run is no question here, so that nothing may seem to answer it. */
  private static void node(ObjectNode old, ObjectNode wanted, Violations out) {
    for (String field : List.of("unschedulable", "taints")) {
      if (!Trees.at(wanted, "spec", field).equals(Trees.at(old, "spec", field))) {
        out.forbidden(
            "spec." + field,
            "this is the only node, and pods run on it whatever this says: cordon, drain and taint"
                + " are not supported by Esteira");
      }
    }
  }
}
