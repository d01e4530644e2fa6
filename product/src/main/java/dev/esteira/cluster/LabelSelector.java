package dev.esteira.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which labels an object must have: all requirements hold. */
public record LabelSelector(List<Requirement> requirements) {
  /** How a requirement compares. */
  public enum Operator {
    IN,
    NOT_IN,
    EXISTS,
    DOES_NOT_EXIST,
    GREATER,
    LESS
  }

  /** One requirement on one label. */
  public record Requirement(String key, Operator operator, Set<String> values) {
    public Requirement {
      values = Set.copyOf(values);
    }

    boolean matches(Map<String, String> labels) {
      String value = labels.get(key);
      return switch (operator) {
        case IN -> value != null && values.contains(value);
        case NOT_IN -> value == null || !values.contains(value);
        case EXISTS -> value != null;
        case DOES_NOT_EXIST -> value == null;
        case GREATER -> compare(value) > 0;
        case LESS -> compare(value) < 0;
      };
    }

    private int compare(@org.jspecify.annotations.Nullable String value) {
      try {
        return value == null
            ? 0
            : Long.compare(Long.parseLong(value), Long.parseLong(values.iterator().next()));
      } catch (NumberFormatException e) {
        return 0;
      }
    }
  }

  private static final Pattern SET = Pattern.compile("(\\S+?)\\s+(in|notin)\\s*\\(([^)]*)\\)");
  private static final Pattern EQUALITY =
      Pattern.compile("([^=!<>\\s]+)\\s*(==|=|!=|>|<)\\s*(\\S*)");

  /** Commas that are not within parentheses. */
  private static final Pattern COMMA = Pattern.compile(",(?![^(]*\\))");

  public LabelSelector {
    requirements = List.copyOf(requirements);
  }

  /** Selects everything. */
  public static LabelSelector everything() {
    return new LabelSelector(List.of());
  }

  /** The text form of {@code -l}: {@code a=b,c!=d,e in (f,g),h,!i}. */
  public static LabelSelector parse(String text) {
    List<Requirement> requirements = new ArrayList<>();
    for (String part : COMMA.split(text)) {
      if (!part.isBlank()) {
        requirements.add(requirement(part.strip()));
      }
    }
    return new LabelSelector(requirements);
  }

  private static Requirement requirement(String text) {
    Matcher set = SET.matcher(text);
    if (set.matches()) {
      Operator operator = set.group(2).equals("in") ? Operator.IN : Operator.NOT_IN;
      Set<String> values =
          new HashSet<>(Arrays.stream(set.group(3).split(",", -1)).map(String::strip).toList());
      return new Requirement(set.group(1), operator, values);
    }
    Matcher equality = EQUALITY.matcher(text);
    if (equality.matches()) {
      Operator operator =
          switch (equality.group(2)) {
            case "!=" -> Operator.NOT_IN;
            case ">" -> Operator.GREATER;
            case "<" -> Operator.LESS;
            default -> Operator.IN;
          };
      return new Requirement(equality.group(1), operator, Set.of(equality.group(3)));
    }
    if (text.startsWith("!")) {
      return new Requirement(text.substring(1).strip(), Operator.DOES_NOT_EXIST, Set.of());
    }
    if (text.matches("\\S+")) {
      return new Requirement(text, Operator.EXISTS, Set.of());
    }
    throw ApiException.badRequest("unable to parse requirement: " + text);
  }

  /** The object form: {@code matchLabels} and {@code matchExpressions}. */
  public static LabelSelector of(JsonNode selector) {
    List<Requirement> requirements = new ArrayList<>();
    Trees.texts(selector, "matchLabels")
        .forEach((k, v) -> requirements.add(new Requirement(k, Operator.IN, Set.of(v))));
    for (ObjectNode expression : Trees.objects(selector, "matchExpressions")) {
      Set<String> values = new HashSet<>();
      expression.path("values").forEach(v -> values.add(v.asText()));
      Operator operator =
          switch (Trees.text(expression, "operator")) {
            case "In" -> Operator.IN;
            case "NotIn" -> Operator.NOT_IN;
            case "Exists" -> Operator.EXISTS;
            case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
            default ->
                throw ApiException.badRequest(
                    "\""
                        + Trees.text(expression, "operator")
                        + "\" is not a valid selector operator");
          };
      requirements.add(new Requirement(Trees.text(expression, "key"), operator, values));
    }
    return new LabelSelector(requirements);
  }

  /** A plain map, as Services select pods; an empty map selects nothing there, see the caller. */
  public static LabelSelector ofLabels(Map<String, String> labels) {
    return new LabelSelector(
        labels.entrySet().stream()
            .map(e -> new Requirement(e.getKey(), Operator.IN, Set.of(e.getValue())))
            .toList());
  }

  public boolean matches(Map<String, String> labels) {
    return requirements.stream().allMatch(r -> r.matches(labels));
  }

  /** Whether the object's labels match. */
  public boolean matches(ObjectNode object) {
    return matches(Trees.texts(object, "metadata", "labels"));
  }

  /** The text form of an object's selector, as {@code kubectl get -o wide} shows it. */
  static String format(JsonNode selector) {
    List<String> parts = new ArrayList<>();
    Trees.texts(selector, "matchLabels").forEach((k, v) -> parts.add(k + "=" + v));
    for (ObjectNode expression : Trees.objects(selector, "matchExpressions")) {
      List<String> values = new ArrayList<>();
      expression.path("values").forEach(v -> values.add(v.asText()));
      String key = Trees.text(expression, "key");
      String list = "(" + String.join(",", values) + ")";
      parts.add(
          switch (Trees.text(expression, "operator")) {
            case "In" -> key + " in " + list;
            case "NotIn" -> key + " notin " + list;
            case "DoesNotExist" -> "!" + key;
            default -> key;
          });
    }
    return parts.isEmpty() ? "<none>" : String.join(",", parts);
  }
}
