package dev.esteira.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The patch formats of the API, by media type. */
final class Patches {
  static final String JSON = "application/json-patch+json";
  static final String MERGE = "application/merge-patch+json";
  static final String STRATEGIC = "application/strategic-merge-patch+json";
  static final String APPLY = "application/apply-patch+yaml";
  static final List<String> MEDIA_TYPES = List.of(JSON, MERGE, STRATEGIC);

  private Patches() {}

  /** The object after the patch; {@code current} stays as it is. */
  static ObjectNode apply(String mediaType, Definition type, ObjectNode current, JsonNode patch) {
    JsonNode result =
        switch (mediaType) {
          case JSON -> JsonPatch.apply(current, patch);
          case MERGE -> MergePatch.apply(current, patch);
          case STRATEGIC -> StrategicMerge.apply(type, current, object(patch));
          default -> throw unsupported(mediaType);
        };
    return object(result);
  }

  private static ObjectNode object(JsonNode node) {
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw ApiException.badRequest("json: cannot unmarshal a patch that is not an object");
  }

  static ApiException unsupported(String mediaType) {
    String why =
        mediaType.equals(APPLY)
            ? "server-side apply is not supported yet, use client-side apply (kubectl apply without"
                + " --server-side); accepted media types are "
            : "the body of the request was in an unknown format - accepted media types include: ";
    return ApiException.of(
        ApiException.Reason.UNSUPPORTED_MEDIA_TYPE, why + String.join(", ", MEDIA_TYPES));
  }
}
