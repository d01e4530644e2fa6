package dev.esteira.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** What Secrets and Namespaces get that do not say it. */
final class ConfigDefaults {
  private ConfigDefaults() {}

  /** {@code stringData} is for writing only: it goes into {@code data}, over what is there. */
  static void secret(ObjectNode secret) {
    Trees.blank(secret, "type", "Opaque");
    if (secret.get("stringData") instanceof ObjectNode texts) {
      ObjectNode data = Trees.object(secret, "data");
      for (Map.Entry<String, JsonNode> text : texts.properties()) {
        byte[] bytes = text.getValue().asText().getBytes(StandardCharsets.UTF_8);
        data.put(text.getKey(), Base64.getEncoder().encodeToString(bytes));
      }
      secret.remove("stringData");
    }
  }

  static void namespace(ObjectNode namespace) {
    Trees.object(namespace, "metadata", "labels")
        .put("kubernetes.io/metadata.name", Trees.name(namespace));
    ObjectNode spec = Trees.object(namespace, "spec");
    if (!spec.has("finalizers")) {
      List.of("kubernetes").forEach(spec.putArray("finalizers")::add);
    }
  }
}
