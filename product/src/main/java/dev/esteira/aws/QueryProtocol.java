package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** The query protocol: a flat form in, XML out. */
final class QueryProtocol implements Protocol {
  static final int ITEMS_MAX = 10_000;

  @Override
  public Optional<String> operation(Model model, Wire wire) {
    return Optional.ofNullable(form(wire).get("Action"));
  }

  @Override
  public ObjectNode parse(Model model, String operation, Wire wire) {
    NavigableMap<String, String> form = form(wire);
    return model.input(operation).map(shape -> structure(shape, "", form)).orElse(Json.object());
  }

  /** Parameters of the query and of the body, by name. */
  static NavigableMap<String, String> form(Wire wire) {
    NavigableMap<String, String> form = new TreeMap<>();
    wire.query().forEach((name, values) -> form.put(name, values.getFirst()));
    if (wire.headers()
        .getOrDefault("content-type", "")
        .startsWith("application/x-www-form-urlencoded")) {
      for (String pair : new String(wire.body(), StandardCharsets.UTF_8).split("&")) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
          form.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
        }
      }
    }
    return form;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new AwsException("MalformedQueryString", 400, "a broken escape in '" + text + "'");
    }
  }

  private static ObjectNode structure(
      Shape shape, String prefix, NavigableMap<String, String> form) {
    ObjectNode read = Json.object();
    shape
        .members()
        .forEach((name, member) -> {
          String key = prefix + member.wireName(name);
          if (there(key, form)) {
            read.set(name, value(member, key, form));
          }
        });
    return read;
  }

  static boolean there(String key, NavigableMap<String, String> form) {
    String next = form.ceilingKey(key + ".");
    return form.containsKey(key) || (next != null && next.startsWith(key + "."));
  }

  private static JsonNode value(Shape shape, String key, NavigableMap<String, String> form) {
    return switch (shape.type()) {
      case "structure" -> structure(shape, key + ".", form);
      case "list" -> list(shape, key, form);
      case "map" -> map(shape, key, form);
      default -> Json.mapper().getNodeFactory().textNode(form.getOrDefault(key, ""));
    };
  }

  private static ArrayNode list(Shape shape, String key, NavigableMap<String, String> form) {
    String prefix =
        key + "." + (shape.flag("flattened") ? "" : shape.item().wireName("member") + ".");
    ArrayNode items = Json.array();
    for (int i = 1; i <= ITEMS_MAX && there(prefix + i, form); i++) {
      items.add(value(shape.item(), prefix + i, form));
    }
    return items;
  }

  private static ObjectNode map(Shape shape, String key, NavigableMap<String, String> form) {
    String prefix = key + "." + (shape.flag("flattened") ? "" : "entry.");
    ObjectNode entries = Json.object();
    for (int i = 1; i <= ITEMS_MAX && there(prefix + i, form); i++) {
      String name = form.getOrDefault(prefix + i + "." + shape.mapKey().wireName("key"), "");
      String value = prefix + i + "." + shape.mapValue().wireName("value");
      entries.set(name, value(shape.mapValue(), value, form));
    }
    return entries;
  }

  @Override
  public Answer answer(Model model, String operation, ObjectNode output, String requestId) {
    Xml xml = new Xml();
    xml.open(operation + "Response", model.metadata("xmlNamespace"));
    model
        .output(operation)
        .ifPresent(shape -> {
          String wrapper = shape.reference().path("resultWrapper").asText("");
          if (wrapper.isEmpty()) {
            xml.members(shape, output);
          } else {
            xml.open(wrapper).members(shape, output).close(wrapper);
          }
        });
    xml.open("ResponseMetadata").text("RequestId", requestId).close("ResponseMetadata");
    xml.close(operation + "Response");
    return new Answer(200, "text/xml", Map.of(), xml.bytes());
  }

  @Override
  public Answer error(Model model, AwsException error, String requestId) {
    return new Answer(
        model.status(error),
        "text/xml",
        Map.of(),
        errorXml(model.metadata("xmlNamespace"), error, requestId));
  }

  static byte[] errorXml(String namespace, AwsException error, String requestId) {
    Xml xml = new Xml();
    xml.open("ErrorResponse", namespace).open("Error");
    xml.text("Type", error.status() < 500 ? "Sender" : "Receiver");
    xml.text("Code", error.code()).text("Message", error.text());
    xml.close("Error").text("RequestId", requestId).close("ErrorResponse");
    return xml.bytes();
  }

  @Override
  public AwsException refusal(AuthFailure failure, String message) {
    return new AwsException(failure.query(), 403, message);
  }
}
