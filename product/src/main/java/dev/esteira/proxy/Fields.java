package dev.esteira.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * An allow-list of a JSON object's fields. What the engine gets is written anew from it, under the
 * fields' own spelling: the engine's JSON reader takes keys in any case and the last of several, so
 * judging one text and sending another would be no judgement. A field that is not in the list is
 * refused unless its value says nothing (null, false, 0, empty). Pure.
 */
final class Fields {
  /** What becomes of a field's value; a missing node leaves it out. */
  interface Rule extends UnaryOperator<JsonNode> {}

  private final String where;
  private final Map<String, String> spelling = new HashMap<>();
  private final Map<String, Rule> rules = new LinkedHashMap<>();

  Fields(String where) {
    this.where = where;
  }

  /** These pass as they are. */
  Fields keep(String... names) {
    for (String name : names) {
      rule(name, value -> value);
    }
    return this;
  }

  /** These are accepted and left out. */
  Fields drop(String... names) {
    for (String name : names) {
      rule(name, _ -> MissingNode.getInstance());
    }
    return this;
  }

  /** A value other than the default is refused with this sentence. */
  Fields refuse(String reason, String... names) {
    for (String name : names) {
      rule(name, value -> onlyDefault(name, value, reason));
    }
    return this;
  }

  /** These pass while the value holds; others are refused with this sentence. */
  Fields allow(String name, Predicate<JsonNode> holds, String reason) {
    return rule(
        name,
        value -> {
          if (isDefault(value) || holds.test(value)) {
            return value;
          }
          throw refused(name, value, reason);
        });
  }

  Fields rule(String name, Rule rule) {
    spelling.put(fold(name), name);
    rules.put(name, rule);
    return this;
  }

  /** Judges the object and writes it anew. A null or missing object is an empty one. */
  ObjectNode apply(JsonNode object) {
    ObjectNode result = Json.object();
    if (object.isNull() || object.isMissingNode()) {
      return result;
    }
    if (!object.isObject()) {
      throw EngineError.invalid(where + " must be a JSON object");
    }
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      String name = spelling.get(fold(field.getKey()));
      Rule rule = name == null ? null : rules.get(name);
      if (name == null || rule == null) {
        onlyDefault(field.getKey(), field.getValue(), "it is not in the list of what is allowed");
        continue;
      }
      JsonNode value = rule.apply(field.getValue());
      if (value.isMissingNode()) {
        result.remove(name);
      } else {
        result.set(name, value);
      }
    }
    return result;
  }

  /** The value of a field in whatever case it is written, the last of several. */
  static JsonNode find(JsonNode object, String name) {
    JsonNode found = MissingNode.getInstance();
    if (object.isObject()) {
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        if (fold(field.getKey()).equals(fold(name))) {
          found = field.getValue();
        }
      }
    }
    return found;
  }

  private JsonNode onlyDefault(String name, JsonNode value, String reason) {
    if (!isDefault(value)) {
      throw refused(name, value, reason);
    }
    return MissingNode.getInstance();
  }

  private EngineError refused(String name, JsonNode value, String reason) {
    String text = value.toString();
    String shown = text.length() > 80 ? text.substring(0, 80) + "…" : text;
    return EngineError.refused(where + "." + name + " = " + shown + " is refused here: " + reason);
  }

  /** Whether a value says no more than the field's absence. */
  static boolean isDefault(JsonNode value) {
    return switch (value.getNodeType()) {
      case NULL, MISSING -> true;
      case BOOLEAN -> !value.booleanValue();
      case NUMBER -> value.doubleValue() == 0;
      case STRING -> value.textValue().isEmpty();
      case ARRAY, OBJECT -> value.isEmpty();
      case BINARY, POJO -> false;
    };
  }

  /** Go folds keys by simple case folding, which also takes U+017F for s and U+212A for k. */
  private static String fold(String key) {
    return key.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
  }
}
