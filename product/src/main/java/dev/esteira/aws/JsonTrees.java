package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Trees in a model's member names to JSON of the wire, and back. */
final class JsonTrees {
  private JsonTrees() {}

  static ObjectNode body(byte[] bytes) {
    if (bytes.length == 0) {
      return Json.object();
    }
    try {
      if (Json.parse(bytes) instanceof ObjectNode object) {
        return object;
      }
    } catch (EsteiraException e) {
      throw new AwsException("SerializationException", 400, e.text());
    }
    throw new AwsException("SerializationException", 400, "the body is no JSON object");
  }

  static byte[] bytes(JsonNode node) {
    return node.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** What is there under the names of the wire, under the names of the model. */
  static JsonNode read(Shape shape, JsonNode wire) {
    return switch (shape.type()) {
      case "structure" -> {
        ObjectNode read = Json.object();
        shape
            .members()
            .forEach((name, member) -> {
              JsonNode value = wire.path(member.wireName(name));
              if (!value.isMissingNode() && !value.isNull()) {
                read.set(name, read(member, value));
              }
            });
        yield read;
      }
      case "list" -> {
        ArrayNode read = Json.array();
        wire.forEach(item -> read.add(read(shape.item(), item)));
        yield read;
      }
      default -> wire;
    };
  }

  static JsonNode write(Shape shape, JsonNode tree) {
    return switch (shape.type()) {
      case "structure" -> structure(shape, tree);
      case "list" -> {
        ArrayNode written = Json.array();
        tree.forEach(item -> written.add(write(shape.item(), item)));
        yield written;
      }
      case "map" -> {
        ObjectNode written = Json.object();
        tree.properties()
            .forEach(e -> written.set(e.getKey(), write(shape.mapValue(), e.getValue())));
        yield written;
      }
      case "timestamp" -> seconds(tree);
      default -> tree;
    };
  }

  private static ObjectNode structure(Shape shape, JsonNode tree) {
    ObjectNode written = Json.object();
    shape
        .members()
        .forEach((name, member) -> {
          if (tree.hasNonNull(name) && member.trait("location").isEmpty()) {
            written.set(member.wireName(name), write(member, tree.path(name)));
          }
        });
    return written;
  }

  /** ISO 8601 text as seconds since 1970, to the millisecond. */
  private static JsonNode seconds(JsonNode time) {
    long millis = Instant.parse(time.asText()).toEpochMilli();
    return Json.mapper().getNodeFactory().numberNode(BigDecimal.valueOf(millis, 3));
  }
}
