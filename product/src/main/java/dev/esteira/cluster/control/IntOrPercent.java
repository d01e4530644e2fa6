package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

/** {@code maxSurge} and {@code maxUnavailable}: a number, or a percentage of the replicas. */
final class IntOrPercent {
  private IntOrPercent() {}

  /** Resolves it; percentages round up or down. What cannot be read is the default. */
  static int resolve(JsonNode value, String byDefault, int total, boolean roundUp) {
    String text = value.isMissingNode() || value.isNull() ? byDefault : value.asText();
    try {
      if (!text.endsWith("%")) {
        return Math.max(0, Integer.parseInt(text.strip()));
      }
      long part = Math.max(0L, Long.parseLong(text.substring(0, text.length() - 1))) * total;
      return (int) (roundUp ? (part + 99) / 100 : part / 100);
    } catch (NumberFormatException e) {
      return resolve(MissingNode.getInstance(), "25%", total, roundUp);
    }
  }
}
