package dev.esteira.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
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
      case SERVICE -> Trees.object(object, "status", "loadBalancer");
      case REPLICA_SET -> Trees.object(object, "status").put("replicas", 0);
      case DEPLOYMENT -> Trees.object(object, "status");
      case NODE, ENDPOINTS, CONFIG_MAP, SECRET, SERVICE_ACCOUNT, EVENT, ENDPOINT_SLICE -> {}
    }
  }

  static void defaults(Kind kind, ObjectNode object) {}

  /** Carries over what an update cannot leave out. */
  static void keep(Kind kind, ObjectNode wanted, ObjectNode old) {}

  static void validate(Kind kind, ObjectNode object, Optional<ObjectNode> old) {}
}
