package dev.esteira.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.access.Access;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.http.Exchange;
import java.util.Locale;
import java.util.Optional;

/** A request for objects: who, what, and the parameters that all verbs share. */
record Request(Exchange exchange, Access.Principal principal, ResourcePath path) {
  static final int BODY_BYTES_MAX = 3 * 1024 * 1024;
  private static final String JSON = "application/json";

  Kind kind() {
    return path.kind();
  }

  Optional<String> query(String name) {
    return exchange.query(name).filter(v -> !v.isEmpty());
  }

  boolean flag(String name) {
    return query(name).filter(v -> v.equals("true") || v.equals("1")).isPresent();
  }

  Optional<Long> number(String name) {
    try {
      return query(name).map(Long::parseLong);
    } catch (NumberFormatException e) {
      throw ApiException.badRequest(
          name + ": Invalid value: \"" + query(name).orElse("") + "\": must be a whole number");
    }
  }

  boolean dryRun() {
    Optional<String> value = query("dryRun");
    if (value.filter(v -> !v.equals("All")).isPresent()) {
      throw ApiException.badRequest(
          "dryRun: Unsupported value: \"" + value.get() + "\": supported values: \"All\"");
    }
    return value.isPresent();
  }

  LabelSelector labels() {
    return query("labelSelector").map(LabelSelector::parse).orElse(LabelSelector.everything());
  }

  FieldSelector fields() {
    return FieldSelector.parse(kind(), query("fieldSelector").orElse(""));
  }

  /** The body's media type without parameters. */
  String contentType() {
    String type = exchange.header("Content-Type").orElse(JSON);
    return type.split(";")[0].strip().toLowerCase(Locale.ROOT);
  }

  byte[] body() {
    try {
      return exchange.body(BODY_BYTES_MAX);
    } catch (EsteiraException e) {
      throw ApiException.of(
          ApiException.Reason.TOO_LARGE, "Request entity too large: limit is " + BODY_BYTES_MAX);
    }
  }

  /** The body as JSON. */
  JsonNode json() {
    try {
      return Json.parse(body());
    } catch (EsteiraException e) {
      throw ApiException.badRequest(
          "the object provided is unrecognized (must be of type "
              + kind().kind()
              + "): "
              + e.text());
    }
  }

  /** The body as one object. */
  ObjectNode object() {
    return switch (contentType()) {
      case JSON -> {
        if (json() instanceof ObjectNode object) {
          yield object;
        }
        throw ApiException.badRequest("the body of the request is not an object");
      }
      case ProtoObjects.MEDIA_TYPE -> ProtoObjects.decode(body());
      default ->
          throw ApiException.of(
              ApiException.Reason.UNSUPPORTED_MEDIA_TYPE,
              "the body of the request was in an unknown format - accepted media types include: "
                  + JSON
                  + ", "
                  + ProtoObjects.MEDIA_TYPE);
    };
  }
}
