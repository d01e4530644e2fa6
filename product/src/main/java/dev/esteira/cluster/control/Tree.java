package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Short ways through the JSON of Kubernetes objects. */
final class Tree {
  private Tree() {}

  static String name(JsonNode object) {
    return object.path("metadata").path("name").asText("");
  }

  static String namespace(JsonNode object) {
    return object.path("metadata").path("namespace").asText("");
  }

  static String uid(JsonNode object) {
    return object.path("metadata").path("uid").asText("");
  }

  /** {@code NAMESPACE/NAME}, the key of work queues. */
  static String key(JsonNode object) {
    return namespace(object) + "/" + name(object);
  }

  static boolean deleting(JsonNode object) {
    return object.path("metadata").hasNonNull("deletionTimestamp");
  }

  static Map<String, String> texts(JsonNode map) {
    Map<String, String> found = new TreeMap<>();
    map.properties().forEach(e -> found.put(e.getKey(), e.getValue().asText("")));
    return found;
  }

  static Map<String, String> labels(JsonNode object) {
    return texts(object.path("metadata").path("labels"));
  }

  static String annotation(JsonNode object, String name) {
    return object.path("metadata").path("annotations").path(name).asText("");
  }

  /** The object at the path, made where it is absent. */
  static ObjectNode object(ObjectNode node, String... path) {
    ObjectNode found = node;
    for (String part : path) {
      found = found.get(part) instanceof ObjectNode child ? child : found.putObject(part);
    }
    return found;
  }

  /** The elements of an array that are objects. */
  static List<ObjectNode> objects(JsonNode array) {
    List<ObjectNode> found = new ArrayList<>();
    for (JsonNode element : array) {
      if (element instanceof ObjectNode object) {
        found.add(object);
      }
    }
    return found;
  }

  static List<String> strings(JsonNode array) {
    List<String> found = new ArrayList<>();
    array.forEach(e -> found.add(e.asText("")));
    return found;
  }

  /** The owner that manages the object. */
  static Optional<JsonNode> controller(JsonNode object) {
    for (JsonNode owner : object.path("metadata").path("ownerReferences")) {
      if (owner.path("controller").asBoolean()) {
        return Optional.of(owner);
      }
    }
    return Optional.empty();
  }

  static boolean controlledBy(JsonNode object, String uid) {
    return controller(object).filter(o -> o.path("uid").asText("").equals(uid)).isPresent();
  }

  /** Adds a reference to the owner that manages the object. */
  static void own(ObjectNode object, JsonNode owner) {
    ObjectNode reference = object(object, "metadata").putArray("ownerReferences").addObject();
    reference.put("apiVersion", owner.path("apiVersion").asText());
    reference.put("kind", owner.path("kind").asText());
    reference.put("name", name(owner)).put("uid", uid(owner));
    reference.put("controller", true).put("blockOwnerDeletion", true);
  }

  /** The time as Kubernetes writes it: UTC, whole seconds. */
  static String time(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  static Optional<Instant> time(JsonNode text) {
    try {
      return Optional.of(Instant.parse(text.asText("")));
    } catch (java.time.format.DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** The condition of that type in the status, or a missing node. */
  static JsonNode condition(JsonNode object, String type) {
    for (JsonNode condition : object.path("status").path("conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition;
      }
    }
    return object.path("status").path("no such condition");
  }

  static boolean isTrue(JsonNode object, String condition) {
    return condition(object, condition).path("status").asText("").equals("True");
  }

  /** Whether the labels fit a {@code metav1.LabelSelector}. */
  static boolean selects(JsonNode selector, Map<String, String> labels) {
    for (Map.Entry<String, String> wanted : texts(selector.path("matchLabels")).entrySet()) {
      if (!wanted.getValue().equals(labels.get(wanted.getKey()))) {
        return false;
      }
    }
    for (JsonNode rule : selector.path("matchExpressions")) {
      String value = labels.get(rule.path("key").asText(""));
      boolean listed = value != null && strings(rule.path("values")).contains(value);
      boolean fits =
          switch (rule.path("operator").asText("")) {
            case "In" -> listed;
            case "NotIn" -> !listed;
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            default -> false;
          };
      if (!fits) {
        return false;
      }
    }
    return true;
  }
}
