package dev.esteira.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Collects the fields that break rules, with Kubernetes' own words. */
final class Violations {
  private final List<ApiException.Cause> causes = new ArrayList<>();

  void required(String field, String detail) {
    add("FieldValueRequired", field, "Required value" + (detail.isEmpty() ? "" : ": " + detail));
  }

  void required(String field) {
    required(field, "");
  }

  void invalid(String field, String value, String why) {
    invalidRaw(field, quote(value), why);
  }

  void invalid(String field, long value, String why) {
    invalidRaw(field, Long.toString(value), why);
  }

  /** {@code shown} is the value as it is written in the message. */
  void invalidRaw(String field, String shown, String why) {
    add("FieldValueInvalid", field, "Invalid value: " + shown + ": " + why);
  }

  void unsupported(String field, String value, List<String> supported) {
    String list = supported.stream().map(Violations::quote).collect(Collectors.joining(", "));
    add(
        "FieldValueNotSupported",
        field,
        "Unsupported value: " + quote(value) + ": supported values: " + list);
  }

  void duplicate(String field, String value) {
    add("FieldValueDuplicate", field, "Duplicate value: " + quote(value));
  }

  void forbidden(String field, String why) {
    add("FieldValueForbidden", field, "Forbidden: " + why);
  }

  void notFound(String field, String value) {
    add("FieldValueNotFound", field, "Not found: " + quote(value));
  }

  void tooLong(String field, long bytesMax) {
    add("FieldValueTooLong", field, "Too long: must have at most " + bytesMax + " bytes");
  }

  private void add(String reason, String field, String message) {
    causes.add(new ApiException.Cause(reason, message, field));
  }

  boolean isEmpty() {
    return causes.isEmpty();
  }

  void throwIfAny(Kind kind, String name) {
    if (!causes.isEmpty()) {
      throw ApiException.invalid(kind, name, causes);
    }
  }

  /** A map as Go prints it, which is how the messages show labels. */
  static String goMap(JsonNode map) {
    Map<String, String> sorted = new TreeMap<>();
    map.properties().forEach(e -> sorted.put(e.getKey(), e.getValue().asText()));
    return sorted.entrySet().stream()
        .map(e -> quote(e.getKey()) + ":" + quote(e.getValue()))
        .collect(Collectors.joining(", ", "map[string]string{", "}"));
  }

  private static String quote(String value) {
    return Json.write(value);
  }
}
