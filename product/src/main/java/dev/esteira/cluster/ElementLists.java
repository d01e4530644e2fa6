package dev.esteira.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Merging of the lists of a strategic merge patch. */
final class ElementLists {
  private ElementLists() {}

  /** Elements that have the same key are merged; others are added at the end. */
  static ArrayNode mergeByKey(
      Optional<Definition> type, String key, ArrayNode current, ArrayNode patch) {
    List<JsonNode> result = new ArrayList<>();
    if (!replacesAll(patch, key)) {
      current.forEach(e -> result.add(e.deepCopy()));
    }
    for (JsonNode change : patch) {
      if (!(change instanceof ObjectNode object)) {
        throw ApiException.badRequest("a list merged by " + key + " holds objects only");
      }
      String directive = Trees.text(object, StrategicMerge.PATCH);
      if (!object.has(key) && directive.isEmpty()) {
        throw ApiException.badRequest(
            "map: " + Json.write(object) + " does not contain declared merge key: " + key);
      }
      int index = indexOf(result, key, object.path(key));
      if (directive.equals("delete")) {
        result.removeIf(e -> e.path(key).equals(object.path(key)));
      } else if (object.has(key)) {
        ObjectNode old =
            index >= 0 && result.get(index) instanceof ObjectNode o ? o : Json.object();
        ObjectNode merged = StrategicMerge.merge(type, old, object);
        if (index >= 0) {
          result.set(index, merged);
        } else {
          result.add(merged);
        }
      }
    }
    return Json.array().addAll(result);
  }

  /** An element that holds nothing but {@code $patch: replace} means the whole list. */
  private static boolean replacesAll(ArrayNode patch, String key) {
    for (JsonNode change : patch) {
      if (!change.has(key) && Trees.text(change, StrategicMerge.PATCH).equals("replace")) {
        return true;
      }
    }
    return false;
  }

  private static int indexOf(List<JsonNode> list, String key, JsonNode value) {
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).path(key).equals(value)) {
        return i;
      }
    }
    return -1;
  }

  /** A set of primitives: what is new comes at the end. */
  static ArrayNode union(ArrayNode current, ArrayNode patch) {
    List<JsonNode> result = new ArrayList<>();
    current.forEach(result::add);
    patch.forEach(e -> {
      if (!result.contains(e)) {
        result.add(e);
      }
    });
    return Json.array().addAll(result);
  }

  static void removeAll(ObjectNode object, String field, JsonNode values) {
    if (object.get(field) instanceof ArrayNode array) {
      List<JsonNode> gone = new ArrayList<>();
      values.forEach(gone::add);
      List<JsonNode> kept = new ArrayList<>();
      array.forEach(e -> kept.add(e));
      kept.removeAll(gone);
      object.set(field, Json.array().addAll(kept));
    }
  }
}
