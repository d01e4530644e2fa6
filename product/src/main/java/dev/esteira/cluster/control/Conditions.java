package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Conditions in statuses: a transition time changes only when the status does. */
final class Conditions {
  private Conditions() {}

  /** Appends the condition; {@code old} is the object as it was. */
  static ObjectNode add(
      ArrayNode conditions,
      JsonNode old,
      String type,
      String status,
      @Nullable String reason,
      @Nullable String message,
      Instant now) {
    JsonNode before = Tree.condition(old, type);
    boolean same = before.path("status").asText("").equals(status);
    String since = before.path("lastTransitionTime").asText("");
    ObjectNode condition = conditions.addObject();
    condition.put("type", type).put("status", status);
    condition.put("lastTransitionTime", same && !since.isEmpty() ? since : Tree.time(now));
    if (reason != null) {
      condition.put("reason", reason);
    }
    if (message != null) {
      condition.put("message", message);
    }
    return condition;
  }
}
