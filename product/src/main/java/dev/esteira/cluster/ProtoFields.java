package dev.esteira.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.esteira.base.Json;
import java.util.Base64;
import java.util.Optional;

/**
 * The fields of a message, by the numbers of the schema. Go writes fields that are not set as zero;
 * these are left out, as in JSON.
 */
final class ProtoFields {
  private ProtoFields() {}

  static ObjectNode message(Definition type, byte[] bytes) {
    ObjectNode object = Json.object();
    read(type, "", bytes, object);
    return object;
  }

  /** {@code prefix} is the number of the inlined message that is being read, with a dot. */
  private static void read(Definition type, String prefix, byte[] bytes, ObjectNode into) {
    ProtoReader reader = new ProtoReader(bytes);
    for (int number = reader.next(); number != 0; number = reader.next()) {
      String wanted = prefix + number;
      Optional<Definition.Field> field =
          type.fields().values().stream().filter(f -> f.number().equals(wanted)).findFirst();
      boolean inlined =
          type.fields().values().stream().anyMatch(f -> f.number().startsWith(wanted + "."));
      if (field.isPresent()) {
        put(into, field.get(), reader);
      } else if (inlined) {
        read(type, wanted + ".", reader.message(), into);
      } else {
        reader.skip();
      }
    }
  }

  private static void put(ObjectNode into, Definition.Field field, ProtoReader reader) {
    switch (field.type()) {
      case FieldType.ListOf(FieldType element) ->
          into.withArray(field.name()).add(value(element, reader));
      case FieldType.MapOf(FieldType value) ->
          entry(Trees.object(into, field.name()), value, reader);
      case FieldType.Primitive _, FieldType.Reference _, FieldType.Any _ -> {
        JsonNode value = value(field.type(), reader);
        if (!isUnset(value, field.nullable())) {
          into.set(field.name(), value);
        }
      }
    }
  }

  private static boolean isUnset(JsonNode value, boolean nullable) {
    if (nullable) {
      return false;
    }
    return switch (value.getNodeType()) {
      case NULL -> true;
      case STRING -> value.asText().isEmpty();
      case NUMBER -> value.asLong() == 0;
      case BOOLEAN -> !value.asBoolean();
      case ARRAY, OBJECT, BINARY, MISSING, POJO -> false;
    };
  }

  private static void entry(ObjectNode into, FieldType type, ProtoReader reader) {
    ProtoReader entry = new ProtoReader(reader.message());
    String key = "";
    JsonNode value = TextNode.valueOf("");
    for (int number = entry.next(); number != 0; number = entry.next()) {
      switch (number) {
        case 1 -> key = entry.text();
        case 2 -> value = value(type, entry);
        default -> entry.skip();
      }
    }
    into.set(key, value);
  }

  private static JsonNode value(FieldType type, ProtoReader reader) {
    return switch (type) {
      case FieldType.Primitive primitive -> primitive(primitive, reader);
      case FieldType.Reference reference -> {
        Definition definition = Schema.get().definition(reference.definition());
        yield definition.alias().isPresent()
            ? ProtoObjects.value(definition.shortName(), reader.message())
            : message(definition, reader.message());
      }
      case FieldType.Any _, FieldType.ListOf _, FieldType.MapOf _ -> {
        reader.skip();
        yield NullNode.getInstance();
      }
    };
  }

  private static JsonNode primitive(FieldType.Primitive type, ProtoReader reader) {
    return switch (type.type()) {
      case "integer" -> LongNode.valueOf(reader.number());
      case "boolean" -> BooleanNode.valueOf(reader.number() != 0);
      default ->
          type.format().equals("byte")
              ? TextNode.valueOf(Base64.getEncoder().encodeToString(reader.message()))
              : TextNode.valueOf(reader.text());
    };
  }
}
