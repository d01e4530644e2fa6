package dev.esteira.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import java.util.Arrays;

/**
 * Objects in Kubernetes' protobuf form, which kubectl from 1.30 on sends when it makes objects by
 * itself: four magic bytes, then an envelope with the type and the object's message.
 *
 * @see <a href="https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding">the
 *     encoding</a>
 */
final class ProtoObjects {
  static final String MEDIA_TYPE = "application/vnd.kubernetes.protobuf";
  private static final byte[] MAGIC = {'k', '8', 's', 0};

  private ProtoObjects() {}

  static boolean isEncoded(byte[] body) {
    return body.length >= MAGIC.length && Arrays.equals(Arrays.copyOf(body, MAGIC.length), MAGIC);
  }

  static ObjectNode decode(byte[] body) {
    if (!isEncoded(body)) {
      throw ApiException.badRequest("the body does not begin as " + MEDIA_TYPE + " does");
    }
    ProtoReader envelope = new ProtoReader(Arrays.copyOfRange(body, MAGIC.length, body.length));
    ObjectNode type = Json.object();
    byte[] raw = {};
    for (int field = envelope.next(); field != 0; field = envelope.next()) {
      switch (field) {
        case 1 -> type = typeMeta(envelope.message());
        case 2 -> raw = envelope.message();
        default -> envelope.skip();
      }
    }
    String kind = Trees.text(type, "kind");
    Definition definition =
        Schema.get()
            .find(kind)
            .orElseThrow(
                () -> ApiException.badRequest("no kind \"" + kind + "\" is registered here"));
    ObjectNode object = type;
    object.setAll(ProtoFields.message(definition, raw));
    return object;
  }

  private static ObjectNode typeMeta(byte[] message) {
    ObjectNode type = Json.object();
    ProtoReader reader = new ProtoReader(message);
    for (int field = reader.next(); field != 0; field = reader.next()) {
      switch (field) {
        case 1 -> type.put("apiVersion", reader.text());
        case 2 -> type.put("kind", reader.text());
        default -> reader.skip();
      }
    }
    return type;
  }

  /** The types that have a message of their own but are one value in JSON. */
  static JsonNode value(String name, byte[] message) {
    return switch (name) {
      case "IntOrString" -> ProtoValues.intOrString(message);
      case "Quantity" -> ProtoValues.quantity(message);
      case "Time", "MicroTime" -> ProtoValues.time(message);
      default -> NullNode.getInstance();
    };
  }
}
