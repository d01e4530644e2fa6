package dev.esteira.cluster;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * JSON patch: a list of operations, all or none.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6902">RFC 6902</a>
 */
final class JsonPatch {
  private static final int OPERATIONS_MAX = 10_000;

  private JsonPatch() {}

  static JsonNode apply(JsonNode target, JsonNode patch) {
    if (!patch.isArray() || patch.size() > OPERATIONS_MAX) {
      throw ApiException.badRequest(
          "a JSON patch is a list of at most " + OPERATIONS_MAX + " operations");
    }
    JsonNode result = target.deepCopy();
    for (JsonNode operation : patch) {
      result = step(result, operation);
    }
    return result;
  }

  private static JsonNode step(JsonNode document, JsonNode operation) {
    JsonPointer path = pointer(operation, "path");
    JsonNode value = operation.path("value").deepCopy();
    return switch (Trees.text(operation, "op")) {
      case "add" -> add(document, path, value);
      case "remove" -> remove(document, path);
      case "replace" -> {
        existing(document, path);
        yield path.matches() ? value : set(document, path, value);
      }
      case "copy" -> add(document, path, existing(document, pointer(operation, "from")).deepCopy());
      case "move" -> {
        JsonPointer from = pointer(operation, "from");
        JsonNode moved = existing(document, from).deepCopy();
        yield add(remove(document, from), path, moved);
      }
      case "test" -> {
        if (!document.at(path).equals(value)) {
          throw refuse("testing value " + path + " failed");
        }
        yield document;
      }
      default -> throw refuse("unexpected operation: " + Trees.text(operation, "op"));
    };
  }

  private static JsonPointer pointer(JsonNode operation, String field) {
    try {
      return JsonPointer.compile(Trees.text(operation, field));
    } catch (IllegalArgumentException e) {
      throw refuse("invalid pointer in " + field + ": " + Trees.text(operation, field));
    }
  }

  private static JsonNode existing(JsonNode document, JsonPointer path) {
    JsonNode found = document.at(path);
    if (found.isMissingNode()) {
      throw refuse("doc is missing path: " + path + ": missing value");
    }
    return found;
  }

  private static JsonNode add(JsonNode document, JsonPointer path, JsonNode value) {
    if (path.matches()) {
      return value;
    }
    JsonNode parent = existing(document, path.head());
    String last = path.last().getMatchingProperty();
    if (parent instanceof ArrayNode array) {
      int index = last.equals("-") ? array.size() : path.last().getMatchingIndex();
      if (index < 0 || index > array.size()) {
        throw refuse("unable to access invalid index: " + last);
      }
      array.insert(index, value);
      return document;
    }
    return set(document, path, value);
  }

  private static JsonNode set(JsonNode document, JsonPointer path, JsonNode value) {
    JsonNode parent = existing(document, path.head());
    if (parent instanceof ObjectNode object) {
      object.set(path.last().getMatchingProperty(), value);
    } else if (parent instanceof ArrayNode array) {
      array.set(path.last().getMatchingIndex(), value);
    } else {
      throw refuse("the parent of " + path + " is neither an object nor a list");
    }
    return document;
  }

  private static JsonNode remove(JsonNode document, JsonPointer path) {
    existing(document, path);
    JsonNode parent = document.at(path.head());
    if (parent instanceof ObjectNode object) {
      object.remove(path.last().getMatchingProperty());
    } else if (parent instanceof ArrayNode array) {
      array.remove(path.last().getMatchingIndex());
    }
    return document;
  }

  private static ApiException refuse(String why) {
    return ApiException.of(
        ApiException.Reason.INVALID,
        "the server rejected our request due to an error in our" + " request: " + why);
  }
}
