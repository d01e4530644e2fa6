package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One call of an operation: its input as a tree in the model's member names. */
record Call(Caller caller, String operation, ObjectNode input) {
  /** A member that the model requires. */
  String text(String member) {
    return optional(member)
        .orElseThrow(() ->
            new AwsException("ValidationException", 400, "Missing required parameter: " + member));
  }

  Optional<String> optional(String member) {
    JsonNode value = input.path(member);
    return value.isValueNode() && !value.isNull() ? Optional.of(value.asText()) : Optional.empty();
  }

  int number(String member, int otherwise) {
    return input.path(member).asInt(otherwise);
  }

  boolean flag(String member) {
    return input.path(member).asBoolean(false);
  }

  List<String> texts(String member) {
    List<String> values = new ArrayList<>();
    input.path(member).forEach(value -> values.add(value.asText()));
    return values;
  }
}
