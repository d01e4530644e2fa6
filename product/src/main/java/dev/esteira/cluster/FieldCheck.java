package dev.esteira.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Holds an object that a client sent against the schema: takes unknown fields out and names them,
 * and refuses values of a wrong type.
 */
final class FieldCheck {
  private static final int UNKNOWN_MAX = 64;

  private final Kind kind;
  private final List<String> unknown = new ArrayList<>();

  private FieldCheck(Kind kind) {
    this.kind = kind;
  }

  /** Unknown fields, as paths; they are no longer in {@code object} afterwards. */
  static List<String> prune(Kind kind, ObjectNode object) {
    FieldCheck check = new FieldCheck(kind);
    check.object(Schema.get().of(kind), object, "");
    return List.copyOf(check.unknown);
  }

  private void object(Definition type, ObjectNode object, String path) {
    Iterator<Map.Entry<String, JsonNode>> fields = object.properties().iterator();
    while (fields.hasNext()) {
      Map.Entry<String, JsonNode> entry = fields.next();
      String inner = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
      Definition.Field field = type.fields().get(entry.getKey());
      if (field == null) {
        if (unknown.size() < UNKNOWN_MAX) {
          unknown.add(inner);
        }
        fields.remove();
      } else if (!entry.getValue().isNull()) {
        value(field.type(), entry.getValue(), inner, type.shortName());
      }
    }
  }

  private void value(FieldType type, JsonNode value, String path, String owner) {
    switch (type) {
      case FieldType.Any() -> {}
      case FieldType.Primitive primitive -> primitive(primitive, value, path, owner);
      case FieldType.ListOf(FieldType element) -> {
        require(value.isArray(), value, path, owner, "[]" + goName(element));
        int i = 0;
        for (JsonNode each : value) {
          value(element, each, path + "[" + i++ + "]", owner);
        }
      }
      case FieldType.MapOf(FieldType inner) -> {
        require(value.isObject(), value, path, owner, "map[string]" + goName(inner));
        value.properties().forEach(e -> value(inner, e.getValue(), path + "." + e.getKey(), owner));
      }
      case FieldType.Reference reference -> reference(reference, value, path, owner);
    }
  }

  private void reference(FieldType.Reference reference, JsonNode value, String path, String owner) {
    Optional<Definition> type = Schema.get().object(reference);
    if (type.isPresent()) {
      require(value.isObject(), value, path, owner, goName(reference));
      object(type.get(), (ObjectNode) value, path);
      return;
    }
    Definition alias = Schema.get().definition(reference.definition());
    boolean numeric =
        alias.shortName().equals("IntOrString") || alias.shortName().equals("Quantity");
    boolean any = alias.alias().filter(a -> a instanceof FieldType.Any).isPresent();
    require(
        any || value.isTextual() || (numeric && value.isNumber()),
        value,
        path,
        owner,
        goName(reference));
  }

  private void primitive(FieldType.Primitive type, JsonNode value, String path, String owner) {
    boolean fits =
        switch (type.type()) {
          case "string" -> value.isTextual();
          case "boolean" -> value.isBoolean();
          case "integer" -> value.isIntegralNumber();
          default -> value.isNumber();
        };
    require(fits, value, path, owner, goName(type));
  }

  private void require(boolean fits, JsonNode value, String path, String owner, String type) {
    if (!fits && !value.isNull()) {
      String field = path.replaceAll("\\[\\d+]", "");
      throw ApiException.badRequest(
          head()
              + "json: cannot unmarshal "
              + described(value)
              + " into Go struct field "
              + owner
              + "."
              + field
              + " of type "
              + type);
    }
  }

  private String head() {
    return kind.kind()
        + " in version \""
        + kind.version()
        + "\" cannot be handled as a "
        + kind.kind()
        + ": ";
  }

  private static String described(JsonNode value) {
    return switch (value.getNodeType()) {
      case ARRAY -> "array";
      case OBJECT, POJO -> "object";
      case BOOLEAN -> "bool";
      case NUMBER -> value.isIntegralNumber() ? "number" : "number " + value.asText();
      case STRING -> "string";
      case NULL, MISSING, BINARY -> "null";
    };
  }

  private static String goName(FieldType type) {
    return switch (type) {
      case FieldType.Any() -> "object";
      case FieldType.ListOf(FieldType element) -> "[]" + goName(element);
      case FieldType.MapOf(FieldType value) -> "map[string]" + goName(value);
      case FieldType.Reference(String definition) -> {
        String[] parts = definition.split("\\.");
        yield parts[parts.length - 2] + "." + parts[parts.length - 1];
      }
      case FieldType.Primitive(String name, String format) ->
          switch (name) {
            case "integer" -> format;
            case "boolean" -> "bool";
            case "number" -> "float64";
            default -> format.equals("byte") ? "[]uint8" : "string";
          };
    };
  }

  /** The refusal of unknown fields under strict validation. */
  static ApiException strict(Kind kind, List<String> unknown) {
    return ApiException.badRequest(
        new FieldCheck(kind).head()
            + "strict decoding error: "
            + String.join(", ", unknown.stream().map(FieldCheck::named).toList()));
  }

  static String named(String path) {
    return "unknown field \"" + path + "\"";
  }
}
