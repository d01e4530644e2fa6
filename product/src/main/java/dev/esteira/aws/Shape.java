package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** A type of a model, with what the place that refers to it says about the wire. */
record Shape(Model model, JsonNode reference, JsonNode definition) {
  String type() {
    return definition.path("type").asText("string");
  }

  /** A trait of the reference, or else of the type. */
  String trait(String name) {
    JsonNode own = reference.path(name);
    return own.isMissingNode() ? definition.path(name).asText("") : own.asText();
  }

  boolean flag(String name) {
    return Boolean.parseBoolean(trait(name));
  }

  /** The members of a structure in the order of the model. */
  Map<String, Shape> members() {
    Map<String, Shape> members = new LinkedHashMap<>();
    definition
        .path("members")
        .properties()
        .forEach(member -> members.put(member.getKey(), model.shape(member.getValue())));
    return members;
  }

  /** The name on the wire of a member. */
  String wireName(String member) {
    String name = reference.path("locationName").asText("");
    return name.isEmpty() ? member : name;
  }

  /** The type of a list's items. */
  Shape item() {
    return model.shape(definition.path("member"));
  }

  Shape mapKey() {
    return model.shape(definition.path("key"));
  }

  Shape mapValue() {
    return model.shape(definition.path("value"));
  }
}
