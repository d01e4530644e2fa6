package dev.esteira.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** What a pod's specification gets that does not say it, in Pods and in templates. */
final class PodDefaults {
  private static final int MODE = 0644;

  private PodDefaults() {}

  /** Completes {@code spec} of a Pod or of a template. */
  static void spec(ObjectNode spec) {
    Trees.blank(spec, "restartPolicy", "Always");
    Trees.blank(spec, "dnsPolicy", "ClusterFirst");
    Trees.blank(spec, "schedulerName", "default-scheduler");
    Trees.absent(spec, "terminationGracePeriodSeconds", 30);
    Trees.object(spec, "securityContext");
    // The old name of the field is kept in step, as clients read either.
    Trees.optional(spec, "serviceAccountName")
        .or(() -> Trees.optional(spec, "serviceAccount"))
        .ifPresent(n -> spec.put("serviceAccountName", n).put("serviceAccount", n));
    for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
      Trees.objects(spec, list).forEach(PodDefaults::container);
    }
    Trees.objects(spec, "volumes").forEach(PodDefaults::volume);
  }

  /** What only Pods get, not templates. */
  static void pod(ObjectNode pod) {
    ObjectNode spec = Trees.object(pod, "spec");
    spec(spec);
    if (!spec.has("enableServiceLinks")) {
      spec.put("enableServiceLinks", true);
    }
    if (Trees.text(spec, "serviceAccountName").isEmpty()) {
      spec.put("serviceAccountName", "default").put("serviceAccount", "default");
    }
    for (String list : List.of("initContainers", "containers")) {
      Trees.objects(spec, list).forEach(PodDefaults::requestsFromLimits);
    }
    Trees.blank(Trees.object(pod, "status"), "qosClass", QosClass.of(spec));
  }

  private static void requestsFromLimits(ObjectNode container) {
    JsonNode limits = Trees.at(container, "resources", "limits");
    if (!limits.isEmpty()) {
      ObjectNode requests = Trees.object(container, "resources", "requests");
      for (Map.Entry<String, JsonNode> limit : limits.properties()) {
        if (!requests.has(limit.getKey())) {
          requests.set(limit.getKey(), limit.getValue());
        }
      }
    }
  }

  private static void container(ObjectNode container) {
    Trees.blank(container, "terminationMessagePath", "/dev/termination-log");
    Trees.blank(container, "terminationMessagePolicy", "File");
    Trees.blank(container, "imagePullPolicy", pullPolicy(Trees.text(container, "image")));
    Trees.objects(container, "ports").forEach(p -> Trees.blank(p, "protocol", "TCP"));
    ObjectNode resources = Trees.object(container, "resources");
    quantities(resources, "limits");
    quantities(resources, "requests");
    for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
      if (container.get(probe) instanceof ObjectNode node) {
        probe(node);
      }
    }
    for (String hook : List.of("postStart", "preStop")) {
      if (Trees.at(container, "lifecycle", hook) instanceof ObjectNode node) {
        httpGet(node);
      }
    }
    for (ObjectNode variable : Trees.objects(container, "env")) {
      if (Trees.at(variable, "valueFrom", "fieldRef") instanceof ObjectNode reference) {
        Trees.blank(reference, "apiVersion", "v1");
      }
    }
  }

  /** Images without a tag, or with {@code latest}, are always asked for again. */
  static String pullPolicy(String image) {
    if (image.contains("@")) {
      return "IfNotPresent";
    }
    int colon = image.indexOf(':', image.lastIndexOf('/') + 1);
    boolean latest = colon < 0 || image.substring(colon + 1).equals("latest");
    return latest ? "Always" : "IfNotPresent";
  }

  private static void quantities(ObjectNode resources, String field) {
    if (resources.get(field) instanceof ObjectNode amounts) {
      amounts
          .properties()
          .forEach(e -> {
            if (e.getValue().isNumber()) {
              amounts.put(e.getKey(), e.getValue().asText());
            }
          });
    }
  }

  private static void probe(ObjectNode probe) {
    positive(probe, "timeoutSeconds", 1);
    positive(probe, "periodSeconds", 10);
    positive(probe, "successThreshold", 1);
    positive(probe, "failureThreshold", 3);
    httpGet(probe);
    if (probe.get("grpc") instanceof ObjectNode grpc && !grpc.has("service")) {
      grpc.put("service", "");
    }
  }

  /** Zero stands for the default too, because that is what Go clients send for unset. */
  private static void positive(ObjectNode node, String field, int value) {
    if (Trees.number(node, field) == 0) {
      node.put(field, value);
    }
  }

  private static void httpGet(ObjectNode handler) {
    if (handler.get("httpGet") instanceof ObjectNode get) {
      Trees.blank(get, "path", "/");
      Trees.blank(get, "scheme", "HTTP");
    }
  }

  private static void volume(ObjectNode volume) {
    if (volume.size() == 1) {
      volume.putObject("emptyDir");
    }
    for (String source : List.of("secret", "configMap", "downwardAPI", "projected")) {
      if (volume.get(source) instanceof ObjectNode node) {
        Trees.absent(node, "defaultMode", MODE);
      }
    }
    if (volume.get("hostPath") instanceof ObjectNode path && !path.has("type")) {
      path.put("type", "");
    }
    for (ObjectNode source : Trees.objects(volume, "projected", "sources")) {
      if (source.get("serviceAccountToken") instanceof ObjectNode token) {
        Trees.absent(token, "expirationSeconds", 3_600);
      }
    }
  }
}
