package dev.esteira.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.esteira.base.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The order of a merged list: elements that the patch names come in its order; those that only the
 * server has stay before the elements that they were before.
 */
final class ElementOrder {
  private ElementOrder() {}

  /** {@code key} is empty for lists of primitives. */
  static ArrayNode sort(String key, ArrayNode list, ArrayNode wanted, JsonNode before) {
    List<JsonNode> order = new ArrayList<>();
    wanted.forEach(w -> order.add(identity(key, w)));
    List<JsonNode> old = new ArrayList<>();
    before.forEach(b -> old.add(identity(key, b)));
    List<JsonNode> named = new ArrayList<>();
    List<JsonNode> others = new ArrayList<>();
    list.forEach(e -> (order.contains(identity(key, e)) ? named : others).add(e));
    named.sort(Comparator.comparingInt(e -> order.indexOf(identity(key, e))));
    ArrayNode result = Json.array();
    int next = 0;
    for (JsonNode element : named) {
      int position = old.indexOf(identity(key, element));
      while (next < others.size() && old.indexOf(identity(key, others.get(next))) < position) {
        result.add(others.get(next++));
      }
      result.add(element);
    }
    while (next < others.size()) {
      result.add(others.get(next++));
    }
    return result;
  }

  private static JsonNode identity(String key, JsonNode element) {
    return key.isEmpty() ? element : element.path(key);
  }
}
