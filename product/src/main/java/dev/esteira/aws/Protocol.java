package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How calls of one family look on the wire. */
interface Protocol {
  /** A request as it came, read once. Header names in lower case. */
  record Wire(
      String method,
      String rawPath,
      Map<String, List<String>> query,
      Map<String, String> headers,
      byte[] body) {}

  /** An answer to be sent. */
  record Answer(int status, String contentType, Map<String, String> headers, byte[] body) {}

  /** The name of the operation, if the model has such a one. */
  Optional<String> operation(Model model, Wire wire);

  ObjectNode parse(Model model, String operation, Wire wire);

  Answer answer(Model model, String operation, ObjectNode output, String requestId);

  Answer error(Model model, AwsException error, String requestId);

  /** The code with which this family says what was wrong with a signature. */
  AwsException refusal(AuthFailure failure, String message);

  static Protocol of(Model model) {
    return switch (model.metadata("protocol")) {
      case "query" -> new QueryProtocol();
      case "ec2" -> new Ec2Protocol();
      case "json" -> new JsonProtocol();
      case "rest-json" -> new RestJsonProtocol();
      default ->
          throw new IllegalArgumentException(
              "no protocol '" + model.metadata("protocol") + "' for " + model.name());
    };
  }
}
