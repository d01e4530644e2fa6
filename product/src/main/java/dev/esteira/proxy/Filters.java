package dev.esteira.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Filters of the Engine API's lists: {@code {"label":["a=b"]}}, or in older clients {@code
 * {"label":{"a=b":true}}}. Pure.
 */
record Filters(Map<String, List<String>> values) {
  private static final int EXPRESSION_CHARACTERS_MAX = 256;

  Filters {
    Map<String, List<String>> copy = new LinkedHashMap<>();
    values.forEach((key, list) -> copy.put(key, List.copyOf(list)));
    values = java.util.Collections.unmodifiableMap(copy);
  }

  static Filters parse(Optional<String> text) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    JsonNode root = text.map(Json::parse).orElse(Json.object());
    for (Map.Entry<String, JsonNode> filter : root.properties()) {
      List<String> list = values.computeIfAbsent(filter.getKey(), _ -> new ArrayList<>());
      if (filter.getValue().isArray()) {
        filter.getValue().forEach(item -> list.add(item.asText()));
      } else {
        filter.getValue().properties().stream()
            .filter(item -> item.getValue().asBoolean(true))
            .forEach(item -> list.add(item.getKey()));
      }
    }
    return new Filters(values);
  }

  List<String> get(String name) {
    return values.getOrDefault(name, List.of());
  }

  Filters with(String name, String value) {
    Map<String, List<String>> copy = new LinkedHashMap<>(values);
    List<String> list = new ArrayList<>(get(name));
    list.add(value);
    copy.put(name, list);
    return new Filters(copy);
  }

  Filters without(String... names) {
    Map<String, List<String>> copy = new LinkedHashMap<>(values);
    for (String name : names) {
      copy.remove(name);
    }
    return new Filters(copy);
  }

  Filters map(String name, UnaryOperator<String> change) {
    Map<String, List<String>> copy = new LinkedHashMap<>(values);
    copy.computeIfPresent(name, (_, list) -> list.stream().map(change).toList());
    return new Filters(copy);
  }

  /**
   * Whether a name is asked for: no filter, or one that is found in it as a regular expression (so
   * do Docker's own name filters).
   */
  static boolean fitsName(List<String> wanted, String name) {
    return wanted.isEmpty() || wanted.stream().anyMatch(w -> found(w, name));
  }

  private static boolean found(String expression, String name) {
    if (expression.length() > EXPRESSION_CHARACTERS_MAX) {
      throw EngineError.invalid("a name filter has at most 256 characters");
    }
    try {
      return Pattern.compile(expression).matcher(name).find();
    } catch (PatternSyntaxException e) {
      return name.contains(expression);
    }
  }

  /** The value of the query parameter. */
  String text() {
    ObjectNode root = Json.object();
    values.forEach((key, list) -> list.forEach(root.putArray(key)::add));
    return Json.write(root);
  }
}
