package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.edge.Routing.Condition;
import dev.esteira.edge.Routing.Parameter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Conditions of rules, from the API's words and back. */
final class ElbConditions {
  private static final int VALUES_MAX = 5;
  private static final int VALUE_CHARS_MAX = 128;

  private ElbConditions() {}

  static List<Condition> read(JsonNode conditions) {
    List<Condition> read = new ArrayList<>();
    Set<String> once = new HashSet<>(Set.of("http-header", "query-string"));
    int values = 0;
    for (JsonNode each : conditions) {
      String field = each.path("Field").asText();
      if (!once.add(field) && !field.equals("http-header") && !field.equals("query-string")) {
        throw ElbInput.invalid("A rule can only have one '" + field + "' condition");
      }
      Condition condition = read(field, each);
      values += size(condition);
      read.add(condition);
    }
    if (read.isEmpty()) {
      throw ElbInput.invalid("A condition must be specified");
    }
    if (values > VALUES_MAX) {
      throw new AwsException(
          "ValidationError", 400, "A rule can only have '" + VALUES_MAX + "' condition values");
    }
    return read;
  }

  private static Condition read(String field, JsonNode condition) {
    return switch (field) {
      case "path-pattern" -> new Condition.Path(values(condition, "PathPatternConfig"));
      case "host-header" -> new Condition.Host(values(condition, "HostHeaderConfig"));
      case "http-request-method" ->
          new Condition.Method(values(condition, "HttpRequestMethodConfig"));
      case "source-ip" -> new Condition.Source(values(condition, "SourceIpConfig"));
      case "http-header" -> {
        String name = condition.path("HttpHeaderConfig").path("HttpHeaderName").asText();
        if (!name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}")) {
          throw ElbInput.invalid("HTTP header name '" + name + "' is not valid");
        }
        yield new Condition.Header(name, values(condition, "HttpHeaderConfig"));
      }
      case "query-string" -> {
        List<Parameter> parameters = new ArrayList<>();
        condition
            .path("QueryStringConfig")
            .path("Values")
            .forEach(each ->
                parameters.add(
                    new Parameter(
                        each.path("Key").asText(""), checked(each.path("Value").asText()))));
        if (parameters.isEmpty()) {
          throw ElbInput.invalid("A condition value must be specified");
        }
        yield new Condition.Query(parameters);
      }
      default -> throw ElbInput.invalid("Condition field '" + field + "' is not valid");
    };
  }

  /** In the shape of today, or in the older one of paths and hosts. */
  private static List<String> values(JsonNode condition, String config) {
    List<String> values = ElbInput.texts(condition.path(config).path("Values"));
    if (values.isEmpty()) {
      values = ElbInput.texts(condition.path("Values"));
    }
    if (values.isEmpty()) {
      throw ElbInput.invalid("A condition value must be specified");
    }
    values.forEach(ElbConditions::checked);
    return values;
  }

  private static String checked(String value) {
    if (value.isEmpty() || value.length() > VALUE_CHARS_MAX) {
      throw ElbInput.invalid("The condition value '" + value + "' must have 1 to 128 characters");
    }
    return value;
  }

  private static int size(Condition condition) {
    return switch (condition) {
      case Condition.Path(List<String> values) -> values.size();
      case Condition.Host(List<String> values) -> values.size();
      case Condition.Method(List<String> values) -> values.size();
      case Condition.Source(List<String> values) -> values.size();
      case Condition.Header(String _, List<String> values) -> values.size();
      case Condition.Query(List<Parameter> values) -> values.size();
    };
  }

  static void show(ArrayNode list, Condition condition) {
    ObjectNode shown = list.addObject();
    switch (condition) {
      case Condition.Path(List<String> values) ->
          show(shown, "path-pattern", "PathPatternConfig", values, true);
      case Condition.Host(List<String> values) ->
          show(shown, "host-header", "HostHeaderConfig", values, true);
      case Condition.Method(List<String> values) ->
          show(shown, "http-request-method", "HttpRequestMethodConfig", values, false);
      case Condition.Source(List<String> values) ->
          show(shown, "source-ip", "SourceIpConfig", values, false);
      case Condition.Header(String name, List<String> values) ->
          show(shown, "http-header", "HttpHeaderConfig", values, false).put("HttpHeaderName", name);
      case Condition.Query(List<Parameter> values) -> {
        shown.put("Field", "query-string");
        ArrayNode all = shown.putObject("QueryStringConfig").putArray("Values");
        values.forEach(each -> {
          ObjectNode pair = all.addObject();
          if (!each.key().isEmpty()) {
            pair.put("Key", each.key());
          }
          pair.put("Value", each.value());
        });
      }
    }
  }

  private static ObjectNode show(
      ObjectNode shown, String field, String config, List<String> values, boolean both) {
    shown.put("Field", field);
    if (both) {
      values.forEach(shown.putArray("Values")::add);
    }
    ObjectNode inner = shown.putObject(config);
    values.forEach(inner.putArray("Values")::add);
    return inner;
  }
}
