package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import java.util.Map;
import java.util.Optional;

/** What the engine calls the containers of one pod; everything carries the home's id. */
record PodNames(String home, String uid, String namespace, String pod) {
  static final String HOME = "dev.esteira.home";
  static final String POD = "dev.esteira.pod";
  static final String CONTAINER = "dev.esteira.container";
  static final String ATTEMPT = "dev.esteira.attempt";
  static final String SANDBOX = "dev.esteira.sandbox";

  String holder(int attempt) {
    return "esteira-" + home + "-" + uid + "-holder-" + attempt;
  }

  /** A container's name begins with c-, so that none can be called like the holder. */
  String container(String name, int attempt) {
    return "esteira-" + home + "-" + uid + "-c-" + name + "-" + attempt;
  }

  /** The labels that every container of this pod carries. */
  Map<String, String> selector() {
    return Map.of(HOME, home, POD, uid);
  }

  /** The labels of all pods' containers of a home. */
  static Map<String, String> all(String home) {
    return Map.of(HOME, home, "dev.esteira.what", "pod");
  }

  /** The labels of holders that were made before there was a pod for them. */
  static Map<String, String> spares(String home) {
    return Map.of(HOME, home, "dev.esteira.what", "holder");
  }

  /** What the engine calls such a holder. */
  static String spare(String home, String random) {
    return "esteira-" + home + "-spare-" + random;
  }

  ObjectNode labels(Optional<String> container, int attempt) {
    ObjectNode labels = Json.object();
    labels.put(HOME, home).put(POD, uid).put("dev.esteira.what", "pod");
    labels.put(ATTEMPT, Integer.toString(attempt));
    container.ifPresent(c -> labels.put(CONTAINER, c));
    labels.put("io.kubernetes.pod.name", pod).put("io.kubernetes.pod.namespace", namespace);
    return labels;
  }
}
