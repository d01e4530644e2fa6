package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;

/** The value of the label {@code pod-template-hash}: the same for equal templates. */
final class TemplateHash {
  static final String LABEL = "pod-template-hash";

  /** No vowels and nothing that looks alike, so that no word comes out. */
  private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

  private TemplateHash() {}

  /** {@code collisions} makes another hash where two templates had the same. */
  static String of(JsonNode template, int collisions) {
    byte[] bytes =
        (Json.write(sorted(template)) + (collisions == 0 ? "" : "#" + collisions))
            .getBytes(StandardCharsets.UTF_8);
    int hash = 0x811c9dc5;
    for (byte b : bytes) {
      hash = (hash ^ (b & 0xff)) * 0x01000193;
    }
    StringBuilder text = new StringBuilder();
    for (char digit : Integer.toUnsignedString(hash).toCharArray()) {
      text.append(ALPHABET.charAt(digit % ALPHABET.length()));
    }
    return text.toString();
  }

  /** Whether a ReplicaSet's template is this one, but for the hash that it adds. */
  static boolean same(JsonNode template, JsonNode ofSet) {
    return without(template).equals(without(ofSet));
  }

  private static JsonNode without(JsonNode template) {
    if (!(template.deepCopy() instanceof ObjectNode copy)) {
      return template;
    }
    if (copy.path("metadata") instanceof ObjectNode metadata) {
      metadata.remove("creationTimestamp");
      if (metadata.path("labels") instanceof ObjectNode labels) {
        labels.remove(LABEL);
      }
    }
    return copy;
  }

  private static JsonNode sorted(JsonNode node) {
    if (node instanceof ObjectNode object) {
      TreeMap<String, JsonNode> fields = new TreeMap<>();
      object.properties().forEach(e -> fields.put(e.getKey(), sorted(e.getValue())));
      ObjectNode copy = Json.object();
      fields.forEach(copy::set);
      return copy;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode copy = Json.array();
      array.forEach(e -> copy.add(sorted(e)));
      return copy;
    }
    return node;
  }
}
