package dev.esteira.cluster;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** Spans of time as kubectl writes them: {@code 45s}, {@code 3m20s}, {@code 5h12m}, {@code 9d}. */
final class Age {
  private static final long MINUTE = 60;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;
  private static final long YEAR = 365 * DAY;

  private Age() {}

  /** The span since a time stamp; {@code <unknown>} without one. */
  static String since(String timestamp, Instant now) {
    try {
      return timestamp.isEmpty()
          ? "<unknown>"
          : of(Duration.between(Instant.parse(timestamp), now).toSeconds());
    } catch (DateTimeParseException e) {
      return "<invalid>";
    }
  }

  static String of(long seconds) {
    if (seconds < 0) {
      return seconds < -1 ? "<invalid>" : "0s";
    }
    if (seconds < 2 * MINUTE) {
      return seconds + "s";
    }
    if (seconds < 10 * MINUTE) {
      return pair(seconds, MINUTE, "m", 1, "s");
    }
    if (seconds < 3 * HOUR) {
      return seconds / MINUTE + "m";
    }
    if (seconds < 8 * HOUR) {
      return pair(seconds, HOUR, "h", MINUTE, "m");
    }
    if (seconds < 2 * DAY) {
      return seconds / HOUR + "h";
    }
    if (seconds < 8 * DAY) {
      return pair(seconds, DAY, "d", HOUR, "h");
    }
    if (seconds < 2 * YEAR) {
      return seconds / DAY + "d";
    }
    return seconds < 8 * YEAR ? pair(seconds, YEAR, "y", DAY, "d") : seconds / YEAR + "y";
  }

  private static String pair(long seconds, long big, String bigUnit, long small, String unit) {
    long rest = seconds % big / small;
    return seconds / big + bigUnit + (rest == 0 ? "" : rest + unit);
  }
}
