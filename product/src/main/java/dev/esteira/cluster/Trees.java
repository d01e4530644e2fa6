package dev.esteira.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Short ways through JSON trees of Kubernetes objects. */
final class Trees {
  private Trees() {}

  /** The text at the path, or empty. Numbers and booleans count as their text. */
  static String text(JsonNode node, String... path) {
    JsonNode found = at(node, path);
    return found.isValueNode() ? found.asText("") : "";
  }

  static Optional<String> optional(JsonNode node, String... path) {
    String text = text(node, path);
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  static long number(JsonNode node, String... path) {
    return at(node, path).asLong(0);
  }

  /** The node at the path, or a missing node. */
  static JsonNode at(JsonNode node, String... path) {
    JsonNode found = node;
    for (String part : path) {
      found = found.path(part);
    }
    return found;
  }

  /** The object at the path, made where it is absent. */
  static ObjectNode object(ObjectNode node, String... path) {
    ObjectNode found = node;
    for (String part : path) {
      found = found.get(part) instanceof ObjectNode child ? child : found.putObject(part);
    }
    return found;
  }

  /** The elements of the array at the path that are objects. */
  static List<ObjectNode> objects(JsonNode node, String... path) {
    List<ObjectNode> found = new ArrayList<>();
    for (JsonNode element : at(node, path)) {
      if (element instanceof ObjectNode object) {
        found.add(object);
      }
    }
    return found;
  }

  /** A map of texts: labels, annotations, a selector. */
  static Map<String, String> texts(JsonNode node, String... path) {
    Map<String, String> found = new TreeMap<>();
    at(node, path).properties().forEach(e -> found.put(e.getKey(), e.getValue().asText("")));
    return found;
  }

  /** Sets the value where nothing is set yet. */
  static void absent(ObjectNode node, String field, String value) {
    if (!node.hasNonNull(field)) {
      node.put(field, value);
    }
  }

  static void absent(ObjectNode node, String field, int value) {
    if (!node.hasNonNull(field)) {
      node.put(field, value);
    }
  }

  /** The same where an empty text counts as nothing. */
  static void blank(ObjectNode node, String field, String value) {
    if (text(node, field).isEmpty()) {
      node.put(field, value);
    }
  }

  /** A copy as it reads back from its text, so that equal numbers are equal nodes; no nulls. */
  static ObjectNode normal(ObjectNode node) {
    ObjectNode copy = (ObjectNode) Json.parse(Json.write(node));
    dropNulls(copy);
    return copy;
  }

  private static void dropNulls(JsonNode node) {
    if (node instanceof ObjectNode object) {
      Iterator<Map.Entry<String, JsonNode>> fields = object.properties().iterator();
      while (fields.hasNext()) {
        JsonNode value = fields.next().getValue();
        if (value.isNull()) {
          fields.remove();
        } else {
          dropNulls(value);
        }
      }
    } else if (node instanceof ArrayNode array) {
      array.forEach(Trees::dropNulls);
    }
  }

  static String name(JsonNode object) {
    return text(object, "metadata", "name");
  }

  static String namespace(JsonNode object) {
    return text(object, "metadata", "namespace");
  }

  static String uid(JsonNode object) {
    return text(object, "metadata", "uid");
  }

  static ObjectNode metadata(ObjectNode object) {
    return object(object, "metadata");
  }
}
