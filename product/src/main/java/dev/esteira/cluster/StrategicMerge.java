package dev.esteira.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.cluster.Definition.Strategy;
import java.util.Map;
import java.util.Optional;

/**
 * Strategic merge patch: a merge patch that knows from the schema how to merge lists, and obeys the
 * directives {@code $patch}, {@code $retainKeys}, {@code $setElementOrder/FIELD} and {@code
 * $deleteFromPrimitiveList/FIELD}.
 */
final class StrategicMerge {
  static final String PATCH = "$patch";
  private static final String RETAIN = "$retainKeys";
  private static final String ORDER = "$setElementOrder/";
  private static final String DELETE_FROM = "$deleteFromPrimitiveList/";

  private StrategicMerge() {}

  static ObjectNode apply(Definition type, ObjectNode current, ObjectNode patch) {
    return merge(Optional.of(type), current, patch);
  }

  /** Objects without a type are maps: merged key by key, their lists replaced. */
  static ObjectNode merge(Optional<Definition> type, ObjectNode current, ObjectNode patch) {
    String directive = Trees.text(patch, PATCH);
    if (directive.equals("delete")) {
      return Json.object();
    }
    ObjectNode result = directive.equals("replace") ? Json.object() : current.deepCopy();
    if (patch.has(RETAIN)) {
      retain(result, patch.path(RETAIN));
    }
    for (Map.Entry<String, JsonNode> change : patch.properties()) {
      if (change.getKey().startsWith(DELETE_FROM)) {
        String field = change.getKey().substring(DELETE_FROM.length());
        ElementLists.removeAll(result, field, change.getValue());
      } else if (!change.getKey().startsWith("$")) {
        mergeField(type, result, change.getKey(), change.getValue());
      }
    }
    for (Map.Entry<String, JsonNode> change : patch.properties()) {
      if (change.getKey().startsWith(ORDER)) {
        String field = change.getKey().substring(ORDER.length());
        order(type, current, result, field, change.getValue());
      }
    }
    return result;
  }

  private static void retain(ObjectNode object, JsonNode keys) {
    ObjectNode kept = Json.object();
    for (JsonNode key : keys) {
      if (object.has(key.asText())) {
        kept.set(key.asText(), object.get(key.asText()));
      }
    }
    object.removeAll();
    object.setAll(kept);
  }

  private static void mergeField(
      Optional<Definition> type, ObjectNode result, String name, JsonNode value) {
    Optional<Definition.Field> field = type.map(t -> t.fields().get(name));
    switch (value) {
      case ObjectNode object -> {
        Optional<Definition> inner = field.flatMap(f -> Schema.get().object(f.type()));
        if (Trees.text(object, PATCH).equals("delete")) {
          result.remove(name);
        } else {
          ObjectNode old = result.get(name) instanceof ObjectNode o ? o : Json.object();
          result.set(name, merge(inner, old, object));
        }
      }
      case ArrayNode array -> result.set(name, mergeList(field, result.path(name), array));
      default -> {
        if (value.isNull()) {
          result.remove(name);
        } else {
          result.set(name, value.deepCopy());
        }
      }
    }
  }

  private static ArrayNode mergeList(
      Optional<Definition.Field> field, JsonNode current, ArrayNode patch) {
    Strategy strategy = field.map(Definition.Field::strategy).orElse(Strategy.REPLACE);
    ArrayNode old = current instanceof ArrayNode array ? array : Json.array();
    if (!strategy.merge()) {
      return patch.deepCopy();
    }
    if (strategy.key().isEmpty()) {
      return ElementLists.union(old, patch);
    }
    return ElementLists.mergeByKey(element(field), strategy.key(), old, patch);
  }

  /** The type of a list's elements, where it is an object of the schema. */
  private static Optional<Definition> element(Optional<Definition.Field> field) {
    return field.flatMap(f ->
        f.type() instanceof FieldType.ListOf(FieldType element)
            ? Schema.get().object(element)
            : Optional.empty());
  }

  private static void order(
      Optional<Definition> type,
      ObjectNode before,
      ObjectNode result,
      String name,
      JsonNode wanted) {
    Strategy strategy =
        type.map(t -> t.fields().get(name))
            .map(Definition.Field::strategy)
            .orElse(Strategy.REPLACE);
    if (result.get(name) instanceof ArrayNode list && wanted instanceof ArrayNode order) {
      result.set(name, ElementOrder.sort(strategy.key(), list, order, before.path(name)));
    }
  }
}
