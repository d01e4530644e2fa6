package dev.esteira.cluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** The form in which a client wants objects: whole, as a table, or their metadata alone. */
enum Answers {
  WHOLE,
  TABLE,
  METADATA;

  /** The first form that {@code Accept} names and that is known here. */
  static Answers wanted(Request request) {
    String accept = request.exchange().header("Accept").orElse("*/*");
    for (String part : accept.split(",")) {
      String type = part.toLowerCase(Locale.ROOT).replace(" ", "");
      boolean json = type.startsWith("application/json") && type.contains(";as=");
      if (json && type.contains("as=table")) {
        return TABLE;
      }
      if (json && type.contains("as=partialobjectmetadata")) {
        return METADATA;
      }
      if (!json
          && (type.startsWith("application/json")
              || type.startsWith("*/*")
              || type.startsWith("application/*"))) {
        return WHOLE;
      }
    }
    throw ApiException.of(
        ApiException.Reason.NOT_ACCEPTABLE,
        "only the following media types are accepted: application/json");
  }

  ObjectNode one(Request request, ObjectNode object, Instant now) {
    return switch (this) {
      case WHOLE -> object;
      case METADATA -> metadata(object);
      case TABLE -> {
        ObjectNode head = Json.object();
        head.set("resourceVersion", object.at("/metadata/resourceVersion"));
        yield Table.of(request.kind()).json(List.of(object), head, shown(request), now);
      }
    };
  }

  ObjectNode many(Request request, List<ObjectNode> objects, ObjectNode head, Instant now) {
    return switch (this) {
      case WHOLE ->
          list(request.kind().kind() + "List", request.kind().apiVersion(), objects, head);
      case METADATA ->
          list(
              "PartialObjectMetadataList",
              "meta.k8s.io/v1",
              objects.stream().map(Answers::metadata).toList(),
              head);
      case TABLE -> Table.of(request.kind()).json(objects, head, shown(request), now);
    };
  }

  private static ObjectNode list(
      String kind, String apiVersion, List<ObjectNode> objects, ObjectNode head) {
    ObjectNode list = Json.object().put("kind", kind).put("apiVersion", apiVersion);
    list.set("metadata", head);
    ArrayNode items = list.putArray("items");
    items.addAll(objects);
    return list;
  }

  /** What of the object goes with its row. */
  private static UnaryOperator<ObjectNode> shown(Request request) {
    return request.query("includeObject").filter("Object"::equals).isPresent()
        ? UnaryOperator.identity()
        : Answers::metadata;
  }

  private static ObjectNode metadata(ObjectNode object) {
    ObjectNode partial =
        Json.object().put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
    partial.set("metadata", object.path("metadata"));
    return partial;
  }
}
