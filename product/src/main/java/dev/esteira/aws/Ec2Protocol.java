package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;

/**
 * The protocol of EC2: the query protocol, but with names in capitals, all lists flat on the way
 * in, and no wrapper around the answer.
 */
final class Ec2Protocol implements Protocol {
  @Override
  public Optional<String> operation(Model model, Wire wire) {
    return Optional.ofNullable(QueryProtocol.form(wire).get("Action"));
  }

  @Override
  public ObjectNode parse(Model model, String operation, Wire wire) {
    NavigableMap<String, String> form = QueryProtocol.form(wire);
    return model.input(operation).map(shape -> structure(shape, "", form)).orElse(Json.object());
  }

  private static ObjectNode structure(
      Shape shape, String prefix, NavigableMap<String, String> form) {
    ObjectNode read = Json.object();
    shape
        .members()
        .forEach((name, member) -> {
          String key = prefix + inputName(member, name);
          if (QueryProtocol.there(key, form)) {
            read.set(name, value(member, key, form));
          }
        });
    return read;
  }

  /** The query name as it is, or else the answer's name with a capital. */
  private static String inputName(Shape member, String name) {
    String query = member.reference().path("queryName").asText("");
    if (!query.isEmpty()) {
      return query;
    }
    String wire = member.wireName(name);
    return wire.substring(0, 1).toUpperCase(Locale.ROOT) + wire.substring(1);
  }

  private static JsonNode value(Shape shape, String key, NavigableMap<String, String> form) {
    return switch (shape.type()) {
      case "structure" -> structure(shape, key + ".", form);
      case "list" -> list(shape, key + ".", form);
      default -> Json.mapper().getNodeFactory().textNode(form.getOrDefault(key, ""));
    };
  }

  private static ArrayNode list(Shape shape, String prefix, NavigableMap<String, String> form) {
    ArrayNode items = Json.array();
    for (int i = 1; i <= QueryProtocol.ITEMS_MAX && QueryProtocol.there(prefix + i, form); i++) {
      items.add(value(shape.item(), prefix + i, form));
    }
    return items;
  }

  @Override
  public Answer answer(Model model, String operation, ObjectNode output, String requestId) {
    Xml xml = new Xml(ChronoUnit.SECONDS);
    xml.open(operation + "Response", model.metadata("xmlNamespace")).text("requestId", requestId);
    Optional<Shape> shape = model.output(operation);
    if (shape.isEmpty()) {
      xml.text("return", "true");
    } else {
      xml.members(shape.get(), output);
    }
    xml.close(operation + "Response");
    return new Answer(200, "text/xml;charset=UTF-8", Map.of(), xml.bytes());
  }

  @Override
  public Answer error(Model model, AwsException error, String requestId) {
    Xml xml = new Xml();
    xml.open("Response").open("Errors").open("Error");
    xml.text("Code", error.code()).text("Message", error.text());
    xml.close("Error").close("Errors").text("RequestID", requestId).close("Response");
    return new Answer(error.status(), "text/xml;charset=UTF-8", Map.of(), xml.bytes());
  }

  @Override
  public AwsException refusal(AuthFailure failure, String message) {
    return switch (failure) {
      case EXPIRED -> new AwsException("RequestExpired", 400, message);
      case MISSING, INCOMPLETE, UNKNOWN_KEY, MISMATCH ->
          new AwsException(
              "AuthFailure",
              401,
              "AWS was not able to validate the provided access credentials: " + message);
    };
  }
}
