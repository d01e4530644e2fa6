package dev.esteira.console;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.http.Exchange;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The fields of a request, wherever they stand: query, form (RFC 1866), multipart form (RFC 7578)
 * or JSON. A field inside another is named {@code outer[inner]}.
 */
final class FormFields {
  private static final int BODY_BYTES_MAX = 1 << 20;
  private static final int FIELDS_MAX = 1_000;
  private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\";]{1,70})");
  private static final Pattern NAME = Pattern.compile("(?i)name=\"([^\"]*)\"");

  private final Map<String, String> fields = new LinkedHashMap<>();
  private JsonNode tree = Json.object();

  private FormFields() {}

  static FormFields of(Exchange exchange) {
    FormFields read = new FormFields();
    exchange.query().forEach((name, values) -> read.put(name, values.getLast()));
    String type = exchange.header("Content-Type").orElse("");
    String body = new String(exchange.body(BODY_BYTES_MAX), StandardCharsets.UTF_8);
    Matcher boundary = BOUNDARY.matcher(type);
    if (type.startsWith("multipart/form-data") && boundary.find()) {
      read.multipart(body, "--" + boundary.group(1));
    } else if (type.startsWith("application/json")) {
      read.tree = Json.parse(body);
      read.json("", read.tree);
    } else {
      read.form(body);
    }
    return read;
  }

  /** By their names. */
  Map<String, String> fields() {
    return Collections.unmodifiableMap(fields);
  }

  /** As JSON: the body when it was that, or else an object of the fields. */
  JsonNode tree() {
    return tree.isEmpty() ? Json.mapper().valueToTree(fields) : tree;
  }

  private void put(String name, String value) {
    if (fields.size() >= FIELDS_MAX) {
      throw EsteiraException.limit("a request has at most " + FIELDS_MAX + " fields");
    }
    fields.put(name, value);
  }

  private void form(String body) {
    for (String pair : body.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
      }
    }
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw EsteiraException.invalid("'" + text + "' is not encoded as a form");
    }
  }

  private void multipart(String body, String boundary) {
    for (String part : body.split(Pattern.quote(boundary), -1)) {
      int head = part.indexOf("\r\n\r\n");
      Matcher name = NAME.matcher(head < 0 ? "" : part.substring(0, head));
      if (name.find()) {
        String value = part.substring(head + 4);
        put(name.group(1), value.endsWith("\r\n") ? value.substring(0, value.length() - 2) : value);
      }
    }
  }

  private void json(String prefix, JsonNode node) {
    if (node.isArray()) {
      // A list of {key, value}, as GitLab takes variables.
      node.forEach(
          each -> put(prefix + "[" + each.path("key").asText() + "]", each.path("value").asText()));
    } else if (node.isObject()) {
      node.properties()
          .forEach(e ->
              json(prefix.isEmpty() ? e.getKey() : prefix + "[" + e.getKey() + "]", e.getValue()));
    } else if (!prefix.isEmpty()) {
      put(prefix, node.asText());
    }
  }
}
