package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import java.util.Map;
import java.util.Optional;

/** AWS JSON 1.0 and 1.1: everything in the body, the operation in X-Amz-Target. */
final class JsonProtocol implements Protocol {
  @Override
  public Optional<String> operation(Model model, Wire wire) {
    String target = wire.headers().getOrDefault("x-amz-target", "");
    return Optional.of(target.substring(target.lastIndexOf('.') + 1)).filter(t -> !t.isEmpty());
  }

  @Override
  public ObjectNode parse(Model model, String operation, Wire wire) {
    ObjectNode body = JsonTrees.body(wire.body());
    return model
        .input(operation)
        .map(shape -> JsonTrees.read(shape, body))
        .map(ObjectNode.class::cast)
        .orElse(Json.object());
  }

  @Override
  public Answer answer(Model model, String operation, ObjectNode output, String requestId) {
    byte[] body =
        model
            .output(operation)
            .map(shape -> JsonTrees.bytes(JsonTrees.write(shape, output)))
            .orElse(JsonTrees.bytes(Json.object()));
    return new Answer(200, contentType(model), Map.of(), body);
  }

  @Override
  public Answer error(Model model, AwsException error, String requestId) {
    ObjectNode body = Json.object();
    body.put("__type", error.code()).put("message", error.text());
    body.setAll(error.members());
    return new Answer(400, contentType(model), Map.of(), JsonTrees.bytes(body));
  }

  @Override
  public AwsException refusal(AuthFailure failure, String message) {
    return new AwsException(failure.json(), 400, message);
  }

  private static String contentType(Model model) {
    return "application/x-amz-json-" + model.metadata("jsonVersion");
  }
}
