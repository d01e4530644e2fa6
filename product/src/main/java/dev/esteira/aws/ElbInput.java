package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What the calls of the load balancers have in common. */
final class ElbInput {
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?");
  private static final int PAGE_MAX = 400;

  private ElbInput() {}

  static AwsException invalid(String text) {
    return new AwsException("ValidationError", 400, text);
  }

  static AwsException unsupported(String what) {
    return new AwsException(
        "InvalidConfigurationRequest", 400, "esteira does not support " + what + ": not supported");
  }

  static String name(Call call, String what) {
    String name = call.text("Name");
    if (!NAME.matcher(name).matches() || name.startsWith("internal-")) {
      throw invalid(
          "The %s name '%s' must have 1 to 32 characters of A-Z a-z 0-9 and hyphens, not begin or"
                  .formatted(what, name)
              + " end with a hyphen, and not begin with 'internal-'");
    }
    return name;
  }

  static int number(Call call, String member, int otherwise, int min, int max) {
    int value = call.number(member, otherwise);
    if (value < min || value > max) {
      throw invalid("%s '%d' must be between %d and %d".formatted(member, value, min, max));
    }
    return value;
  }

  static String oneOf(Call call, String member, String otherwise, List<String> possible) {
    String value = call.optional(member).orElse(otherwise);
    if (!possible.contains(value)) {
      throw unsupported(
          member + " '" + value + "' (possible: " + String.join(", ", possible) + ")");
    }
    return value;
  }

  static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(each -> texts.add(each.asText()));
    return texts;
  }

  static Map<String, String> tags(Call call) {
    Map<String, String> tags = new TreeMap<>();
    call.input()
        .path("Tags")
        .forEach(tag -> tags.put(tag.path("Key").asText(), tag.path("Value").asText()));
    return tags;
  }

  /** Attributes of the call over those that were set, when all of them are known and possible. */
  static Map<String, String> attributes(
      Call call,
      Map<String, String> before,
      Map<String, String> acting,
      Map<String, String> fixed) {
    Map<String, String> next = new TreeMap<>(before);
    for (JsonNode each : call.input().path("Attributes")) {
      String key = each.path("Key").asText();
      String value = each.path("Value").asText();
      String only = fixed.get(key);
      if (only != null && !only.equals(value)) {
        throw unsupported("the value '" + value + "' of the attribute " + key);
      }
      if (only == null && !acting.containsKey(key)) {
        throw invalid("The attribute key '" + key + "' is not recognized");
      }
      next.put(key, value);
    }
    return next;
  }

  static void showAttributes(
      ObjectNode answer,
      Map<String, String> set,
      Map<String, String> acting,
      Map<String, String> fixed) {
    Map<String, String> all = new LinkedHashMap<>(acting);
    all.putAll(fixed);
    all.putAll(set);
    ArrayNode list = answer.putArray("Attributes");
    all.forEach((key, value) -> list.addObject().put("Key", key).put("Value", value));
  }

  static <T> List<T> page(Call call, List<T> all, ObjectNode answer) {
    Page<T> page = Page.of(call, "PageSize", "Marker", all, PAGE_MAX);
    page.nextToken().ifPresent(token -> answer.put("NextMarker", token));
    return page.items();
  }
}
