package dev.esteira.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What Services and endpoints get that do not say it. */
final class ServiceDefaults {
  private static final int AFFINITY_SECONDS = 10_800;

  private ServiceDefaults() {}

  static void service(ObjectNode service) {
    ObjectNode spec = Trees.object(service, "spec");
    Trees.blank(spec, "type", "ClusterIP");
    Trees.blank(spec, "sessionAffinity", "None");
    if (Trees.text(spec, "sessionAffinity").equals("ClientIP")) {
      Trees.absent(
          Trees.object(spec, "sessionAffinityConfig", "clientIP"),
          "timeoutSeconds",
          AFFINITY_SECONDS);
    } else {
      spec.remove("sessionAffinityConfig");
    }
    for (ObjectNode port : Trees.objects(spec, "ports")) {
      Trees.blank(port, "protocol", "TCP");
      boolean none = Trees.text(port, "targetPort").isEmpty();
      if (none || Trees.text(port, "targetPort").equals("0")) {
        port.set("targetPort", port.path("port").deepCopy());
      }
    }
    String type = Trees.text(spec, "type");
    if (!type.equals("ExternalName")) {
      Trees.blank(spec, "internalTrafficPolicy", "Cluster");
      if (!spec.has("ipFamilies")) {
        spec.putArray("ipFamilies").add("IPv4");
      }
      Trees.blank(spec, "ipFamilyPolicy", "SingleStack");
    }
    if (type.equals("LoadBalancer") || type.equals("NodePort")) {
      Trees.blank(spec, "externalTrafficPolicy", "Cluster");
    } else {
      spec.remove("externalTrafficPolicy");
    }
    if (type.equals("LoadBalancer") && !spec.has("allocateLoadBalancerNodePorts")) {
      spec.put("allocateLoadBalancerNodePorts", true);
    }
  }

  /** Ports that the client left to the server keep the numbers that they had. */
  static void keepNodePorts(ObjectNode wanted, ObjectNode old) {
    for (ObjectNode port : Trees.objects(wanted, "spec", "ports")) {
      for (ObjectNode had : Trees.objects(old, "spec", "ports")) {
        boolean same =
            port.path("port").equals(had.path("port"))
                && port.path("protocol").equals(had.path("protocol"));
        if (same && !port.has("nodePort") && had.has("nodePort")) {
          port.set("nodePort", had.get("nodePort"));
        }
      }
    }
  }

  static void endpoints(ObjectNode endpoints) {
    for (ObjectNode subset : Trees.objects(endpoints, "subsets")) {
      Trees.objects(subset, "ports").forEach(p -> Trees.blank(p, "protocol", "TCP"));
    }
  }

  static void endpointSlice(ObjectNode slice) {
    for (ObjectNode port : Trees.objects(slice, "ports")) {
      Trees.blank(port, "protocol", "TCP");
      if (!port.has("name")) {
        port.put("name", "");
      }
    }
  }
}
