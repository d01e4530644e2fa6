package dev.esteira.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import java.util.List;
import java.util.Map;

/**
 * The OpenAPI 2.0 document as the protobuf message {@code openapi.v2.Document} of gnostic, the only
 * form that kubectl before 1.28 reads. Covers what {@link OpenApi} writes, no more.
 */
final class OpenApiProto {
  /** Clients ask for {@code v2@v1.0}, which is no valid media type; this is what they accept. */
  static final String MEDIA_TYPE = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

  /** Field numbers of a {@code PathItem}'s operations. */
  private static final Map<String, Integer> OPERATIONS =
      Map.of("get", 2, "put", 3, "post", 4, "delete", 5, "patch", 8);

  private OpenApiProto() {}

  static byte[] encode(ObjectNode document) {
    JsonNode info = document.path("info");
    ProtoMessage paths = new ProtoMessage();
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      paths.message(2, named(path.getKey(), pathItem(path.getValue())));
    }
    return new ProtoMessage()
        .text(1, Trees.text(document, "swagger"))
        .message(
            2,
            new ProtoMessage()
                .text(1, Trees.text(info, "title"))
                .text(2, Trees.text(info, "version")))
        .message(8, paths)
        .message(9, schemas(document.path("definitions")))
        .toByteArray();
  }

  /** A map of schemas: {@code Definitions} and {@code Properties} have the same form. */
  private static ProtoMessage schemas(JsonNode byName) {
    ProtoMessage message = new ProtoMessage();
    for (Map.Entry<String, JsonNode> entry : byName.properties()) {
      message.message(1, named(entry.getKey(), schema(entry.getValue())));
    }
    return message;
  }

  private static ProtoMessage named(String name, ProtoMessage value) {
    return new ProtoMessage().text(1, name).message(2, value);
  }

  private static ProtoMessage schema(JsonNode schema) {
    ProtoMessage message = new ProtoMessage();
    message.text(1, Trees.text(schema, "$ref")).text(2, Trees.text(schema, "format"));
    schema.path("required").forEach(r -> message.text(19, r.asText()));
    if (schema.has("additionalProperties")) {
      message.message(
          21, new ProtoMessage().message(1, schema(schema.path("additionalProperties"))));
    }
    if (schema.has("type")) {
      message.message(22, new ProtoMessage().text(1, Trees.text(schema, "type")));
    }
    if (schema.has("items")) {
      message.message(23, new ProtoMessage().message(1, schema(schema.path("items"))));
    }
    if (schema.has("properties")) {
      message.message(25, schemas(schema.path("properties")));
    }
    extensions(message, 31, schema);
    return message;
  }

  private static void extensions(ProtoMessage message, int field, JsonNode from) {
    for (Map.Entry<String, JsonNode> entry : from.properties()) {
      if (entry.getKey().startsWith("x-")) {
        // The extension's value is YAML text, and JSON is YAML.
        ProtoMessage any = new ProtoMessage().text(2, Json.write(entry.getValue()) + "\n");
        message.message(field, named(entry.getKey(), any));
      }
    }
  }

  private static ProtoMessage pathItem(JsonNode item) {
    ProtoMessage message = new ProtoMessage();
    for (String method : List.of("get", "put", "post", "delete", "patch")) {
      if (item.has(method)) {
        message.message(OPERATIONS.getOrDefault(method, 0), operation(item.path(method)));
      }
    }
    return message;
  }

  private static ProtoMessage operation(JsonNode operation) {
    ProtoMessage message = new ProtoMessage().text(5, Trees.text(operation, "operationId"));
    operation.path("produces").forEach(p -> message.text(6, p.asText()));
    operation.path("consumes").forEach(c -> message.text(7, c.asText()));
    operation.path("parameters").forEach(p -> message.message(8, queryParameter(p)));
    ProtoMessage responses = new ProtoMessage();
    for (Map.Entry<String, JsonNode> entry : operation.path("responses").properties()) {
      ProtoMessage response =
          new ProtoMessage()
              .text(1, Trees.text(entry.getValue(), "description"))
              .message(2, new ProtoMessage().message(1, schema(entry.getValue().path("schema"))));
      responses.message(1, named(entry.getKey(), new ProtoMessage().message(1, response)));
    }
    message.message(9, responses);
    extensions(message, 13, operation);
    return message;
  }

  /** ParametersItem, Parameter, NonBodyParameter, QueryParameterSubSchema: one within another. */
  private static ProtoMessage queryParameter(JsonNode parameter) {
    ProtoMessage query =
        new ProtoMessage()
            .text(2, Trees.text(parameter, "in"))
            .text(4, Trees.text(parameter, "name"))
            .text(6, Trees.text(parameter, "type"))
            .flag(20, parameter.path("uniqueItems").asBoolean());
    ProtoMessage nonBody = new ProtoMessage().message(3, query);
    return new ProtoMessage().message(1, new ProtoMessage().message(2, nonBody));
  }
}
