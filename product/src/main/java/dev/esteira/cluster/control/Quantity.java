package dev.esteira.cluster.control;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;

/** Amounts as Kubernetes writes them: {@code 500m}, {@code 0.5}, {@code 128Mi}, {@code 1G}. */
final class Quantity {
  private static final Map<String, BigDecimal> SUFFIXES =
      Map.ofEntries(
          Map.entry("m", new BigDecimal("0.001")),
          Map.entry("", BigDecimal.ONE),
          Map.entry("k", BigDecimal.valueOf(1_000L)),
          Map.entry("M", BigDecimal.valueOf(1_000_000L)),
          Map.entry("G", BigDecimal.valueOf(1_000_000_000L)),
          Map.entry("T", BigDecimal.valueOf(1_000_000_000_000L)),
          Map.entry("Ki", BigDecimal.valueOf(1L << 10)),
          Map.entry("Mi", BigDecimal.valueOf(1L << 20)),
          Map.entry("Gi", BigDecimal.valueOf(1L << 30)),
          Map.entry("Ti", BigDecimal.valueOf(1L << 40)));

  private Quantity() {}

  static long millis(String text) {
    return value(text).multiply(BigDecimal.valueOf(1000L)).setScale(0, RoundingMode.UP).longValue();
  }

  static long bytes(String text) {
    return value(text).setScale(0, RoundingMode.UP).longValue();
  }

  /** What cannot be read counts as nothing: the API server has refused it already. */
  private static BigDecimal value(String text) {
    String number = text.strip();
    int end = number.length();
    while (end > 0 && Character.isLetter(number.charAt(end - 1))) {
      end--;
    }
    BigDecimal factor = SUFFIXES.get(number.substring(end));
    try {
      return factor == null
          ? new BigDecimal(number)
          : new BigDecimal(number.substring(0, end)).multiply(factor);
    } catch (NumberFormatException e) {
      return BigDecimal.ZERO;
    }
  }
}
