package dev.esteira.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import java.util.Map;

/**
 * JSON merge patch.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7386">RFC 7386</a>
 */
final class MergePatch {
  private MergePatch() {}

  static JsonNode apply(JsonNode target, JsonNode patch) {
    if (!(patch instanceof ObjectNode changes)) {
      return patch;
    }
    ObjectNode result = target instanceof ObjectNode old ? old.deepCopy() : Json.object();
    for (Map.Entry<String, JsonNode> change : changes.properties()) {
      if (change.getValue().isNull()) {
        result.remove(change.getKey());
      } else {
        result.set(
            change.getKey(), apply(result.path(change.getKey()), change.getValue().deepCopy()));
      }
    }
    return result;
  }
}
