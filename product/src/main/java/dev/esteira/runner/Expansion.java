package dev.esteira.runner;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Variables whose values name others: {@code $NAME}, {@code ${NAME}}, and {@code $$} for a dollar
 * sign. Each is expanded once, those that it names before it; one that names itself, directly or
 * not, stays as written. One thread.
 */
final class Expansion {
  private static final Pattern REFERENCE =
      Pattern.compile("\\$(?:(\\$)|\\{([A-Za-z_][A-Za-z0-9_]*)}|([A-Za-z_][A-Za-z0-9_]*))");
  private static final int VALUE_CHARACTERS_MAX = 1 << 20;

  /** How a value is read. */
  enum Rule {
    /** As it stands. */
    LITERAL,
    /** Names of known variables are replaced, all else stands: a password may hold a dollar. */
    KNOWN,
    /** Names of unknown variables are replaced by nothing. */
    ALL
  }

  private record Raw(String text, Rule rule) {}

  private final Map<String, Raw> raw = new HashMap<>();
  private final Map<String, String> done = new HashMap<>();
  private final Set<String> open = new HashSet<>();

  /** Sets a variable, in place of an earlier one of that name. */
  void put(String name, String text, Rule rule) {
    raw.put(name, new Raw(text, rule));
    done.clear();
  }

  void putAll(Map<String, String> all, Rule rule) {
    all.forEach((name, text) -> put(name, text, rule));
  }

  /** The text with the variables' values in it. */
  String expand(String text) {
    return expand(text, Rule.ALL);
  }

  /** The variables that the text names, and those in their values, which are empty or not there. */
  Set<String> unset(String text) {
    Set<String> unset = new LinkedHashSet<>();
    unset(text, new HashSet<>(), unset);
    return unset;
  }

  private void unset(String text, Set<String> seen, Set<String> unset) {
    Matcher matcher = REFERENCE.matcher(text);
    while (matcher.find()) {
      String name = matcher.group(2) == null ? matcher.group(3) : matcher.group(2);
      if (name == null || !seen.add(name)) {
        continue;
      }
      Raw known = raw.get(name);
      if (known != null && known.rule() != Rule.LITERAL && known.text().indexOf('$') >= 0) {
        unset(known.text(), seen, unset);
      } else if (value(name).isBlank()) {
        unset.add(name);
      }
    }
  }

  /** All variables with their values. */
  Map<String, String> values() {
    raw.keySet().forEach(this::value);
    return Map.copyOf(done);
  }

  private String value(String name) {
    String known = done.get(name);
    if (known != null) {
      return known;
    }
    Raw text = raw.getOrDefault(name, new Raw("", Rule.LITERAL));
    open.add(name);
    String value = expand(text.text(), text.rule());
    open.remove(name);
    if (open.isEmpty()) {
      // Within a circle the value depends on where one began, so only whole answers are kept.
      done.put(name, value);
    }
    return value;
  }

  private String expand(String text, Rule rule) {
    if (rule == Rule.LITERAL || text.indexOf('$') < 0) {
      return text;
    }
    Matcher matcher = REFERENCE.matcher(text);
    StringBuilder result = new StringBuilder();
    while (matcher.find() && result.length() < VALUE_CHARACTERS_MAX) {
      matcher.appendReplacement(result, Matcher.quoteReplacement(replacement(matcher, rule)));
    }
    return matcher.appendTail(result).toString();
  }

  private String replacement(Matcher reference, Rule rule) {
    if (reference.group(1) != null) {
      return rule == Rule.ALL ? "$" : reference.group();
    }
    String name = reference.group(2) == null ? reference.group(3) : reference.group(2);
    if (open.contains(name) || (rule == Rule.KNOWN && !raw.containsKey(name))) {
      return reference.group();
    }
    return value(name);
  }
}
