package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** REST with JSON bodies: parts of the input travel in the path, the query and the headers. */
final class RestJsonProtocol implements Protocol {
  private static final String CONTENT_TYPE = "application/json";

  @Override
  public Optional<String> operation(Model model, Wire wire) {
    String best = null;
    int bestLabels = Integer.MAX_VALUE;
    for (String name : model.operations()) {
      JsonNode http = model.operation(name).path("http");
      String template = http.path("requestUri").asText();
      if (http.path("method").asText().equals(wire.method())) {
        Optional<Map<String, String>> labels = labels(template, wire.rawPath());
        // Of /clusters/{name} and /clusters/all the one with fewer labels is meant.
        if (labels.isPresent() && labels.get().size() < bestLabels) {
          best = name;
          bestLabels = labels.get().size();
        }
      }
    }
    return Optional.ofNullable(best);
  }

  @Override
  public ObjectNode parse(Model model, String operation, Wire wire) {
    Optional<Shape> input = model.input(operation);
    if (input.isEmpty()) {
      return Json.object();
    }
    Shape shape = input.get();
    String template = model.operation(operation).path("http").path("requestUri").asText();
    Map<String, String> labels = labels(template, wire.rawPath()).orElse(Map.of());
    String payload = shape.trait("payload");
    ObjectNode parsed = Json.object();
    if (payload.isEmpty()) {
      parsed.setAll((ObjectNode) JsonTrees.read(shape, JsonTrees.body(wire.body())));
    } else if (wire.body().length > 0) {
      Shape member = shape.members().getOrDefault(payload, shape);
      parsed.set(payload, JsonTrees.read(member, JsonTrees.body(wire.body())));
    }
    shape.members().forEach((name, member) -> located(parsed, name, member, labels, wire));
    return parsed;
  }

  private static void located(
      ObjectNode parsed, String name, Shape member, Map<String, String> labels, Wire wire) {
    String wireName = member.wireName(name);
    switch (member.trait("location")) {
      case "uri" -> {
        if (labels.containsKey(wireName)) {
          parsed.put(name, labels.get(wireName));
        }
      }
      case "header" -> {
        String value = wire.headers().get(wireName.toLowerCase(Locale.ROOT));
        if (value != null) {
          parsed.put(name, value);
        }
      }
      case "querystring" -> {
        List<String> values = wire.query().getOrDefault(wireName, List.of());
        if (member.type().equals("list") && !values.isEmpty()) {
          ArrayNode list = parsed.putArray(name);
          values.forEach(list::add);
        } else if (!values.isEmpty()) {
          parsed.put(name, values.getFirst());
        }
      }
      default -> {
        // It came in the body.
      }
    }
  }

  /** What the labels of a template such as {@code /clusters/{name}} stand for in a path. */
  static Optional<Map<String, String>> labels(String template, String rawPath) {
    String[] wanted = template.replaceFirst("\\?.*", "").split("/", -1);
    String[] given = rawPath.split("/", -1);
    Map<String, String> labels = new HashMap<>();
    for (int i = 0; i < wanted.length; i++) {
      boolean label = wanted[i].startsWith("{");
      if (label && wanted[i].endsWith("+}")) {
        List<String> rest = List.of(given).subList(Math.min(i, given.length), given.length);
        labels.put(wanted[i].substring(1, wanted[i].length() - 2), String.join("/", rest));
        return Optional.of(labels);
      }
      if (i >= given.length || (label && given[i].isEmpty())) {
        return Optional.empty();
      }
      if (label) {
        labels.put(wanted[i].substring(1, wanted[i].length() - 1), SigV4.decode(given[i]));
      } else if (!wanted[i].equals(given[i])) {
        return Optional.empty();
      }
    }
    return wanted.length == given.length ? Optional.of(labels) : Optional.empty();
  }

  @Override
  public Answer answer(Model model, String operation, ObjectNode output, String requestId) {
    Optional<Shape> shape = model.output(operation);
    Map<String, String> headers = new HashMap<>();
    JsonNode body = Json.object();
    if (shape.isPresent()) {
      shape
          .get()
          .members()
          .forEach((name, member) -> {
            if (member.trait("location").equals("header") && output.hasNonNull(name)) {
              headers.put(member.wireName(name), output.path(name).asText());
            }
          });
      String payload = shape.get().trait("payload");
      Shape member = shape.get().members().get(payload);
      body =
          member == null
              ? JsonTrees.write(shape.get(), output)
              : JsonTrees.write(member, output.path(payload));
    }
    int status = model.operation(operation).path("http").path("responseCode").asInt(200);
    return new Answer(status, CONTENT_TYPE, headers, JsonTrees.bytes(body));
  }

  @Override
  public Answer error(Model model, AwsException error, String requestId) {
    ObjectNode body = Json.object();
    body.put("message", error.text());
    body.setAll(error.members());
    return new Answer(
        model.status(error),
        CONTENT_TYPE,
        Map.of("x-amzn-ErrorType", error.code()),
        JsonTrees.bytes(body));
  }

  @Override
  public AwsException refusal(AuthFailure failure, String message) {
    return new AwsException(failure.json(), 403, message);
  }
}
