package dev.esteira.pipeline.gitlab;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The variables that a rule or a name sees: later layers beat earlier ones, and values that refer
 * to others are expanded when they are asked for.
 */
final class Scope {
  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\$|\\$(\\w+)|\\$\\{(\\w+)\\}|%([a-zA-Z_]\\w*)%");
  private static final int VALUE_CHARACTERS_MAX = 1 << 20;
  private static final int SHOWN_CHARACTERS_MAX = 200;
  private static final String MASKED = "[masked]";

  private final Map<String, Value> values = new LinkedHashMap<>();
  private final Map<String, String> expanded = new HashMap<>();
  private final Deque<String> open = new ArrayDeque<>();

  /** {@code raw}: never expanded. */
  private record Value(String text, boolean raw, boolean secret) {}

  Scope() {}

  /** All that the other has, to be added to. */
  Scope(Scope other) {
    values.putAll(other.values);
  }

  Scope add(Map<String, String> layer) {
    layer.forEach((name, text) -> put(name, text, true, false));
    return this;
  }

  Scope put(String name, String text, boolean raw, boolean secret) {
    values.remove(name);
    values.put(name, new Value(text, raw, secret));
    expanded.clear();
    return this;
  }

  Scope written(Map<String, YamlVariables.Variable> layer) {
    layer.forEach((name, v) -> put(name, v.value(), !v.expand(), false));
    return this;
  }

  /** The value with what it refers to in place; empty when there is no such variable. */
  Optional<String> value(String name) {
    Value value = values.get(name);
    if (value == null) {
      return Optional.empty();
    }
    if (value.raw()) {
      return Optional.of(value.text());
    }
    String known = expanded.get(name);
    if (known == null) {
      if (open.contains(name)) {
        return Optional.of(value.text());
      }
      open.addLast(name);
      known = expand(value.text());
      open.removeLast();
      expanded.put(name, known);
    }
    return Optional.of(known);
  }

  /** As a person may see it: secrets masked, long values cut. */
  String shown(String name) {
    String text = value(name).orElse("(not set)");
    Value value = values.get(name);
    boolean secret =
        (value != null && value.secret())
            || values.values().stream()
                .anyMatch(v -> v.secret() && !v.text().isBlank() && text.contains(v.text()));
    if (secret) {
      return MASKED;
    }
    return text.length() <= SHOWN_CHARACTERS_MAX
        ? text
        : text.substring(0, SHOWN_CHARACTERS_MAX) + "…";
  }

  /** Known variables put in their places; unknown ones stay as written, {@code $$} is a dollar. */
  String expand(String text) {
    if (text.indexOf('$') < 0 && text.indexOf('%') < 0) {
      return text;
    }
    Matcher matcher = REFERENCE.matcher(text);
    StringBuilder out = new StringBuilder();
    int from = 0;
    while (matcher.find()) {
      out.append(text, from, matcher.start());
      String name = name(matcher);
      out.append(name.isEmpty() ? "$" : value(name).orElse(matcher.group()));
      from = matcher.end();
      if (out.length() > VALUE_CHARACTERS_MAX) {
        return out.substring(0, VALUE_CHARACTERS_MAX);
      }
    }
    return out.append(text, from, text.length()).toString();
  }

  /** The same, unless a secret would show in it: then the text stays as written. */
  String expandOpenly(String text) {
    boolean secret =
        names(text).stream().map(values::get).anyMatch(value -> value != null && value.secret());
    return secret ? text : expand(text);
  }

  /** The names that a text refers to, as they stand. */
  static List<String> names(String text) {
    return REFERENCE
        .matcher(text)
        .results()
        .map(Scope::name)
        .filter(n -> !n.isEmpty())
        .distinct()
        .toList();
  }

  private static String name(MatchResult match) {
    for (int i = 1; i <= match.groupCount(); i++) {
      String group = match.group(i);
      if (group != null) {
        return group;
      }
    }
    return "";
  }
}
