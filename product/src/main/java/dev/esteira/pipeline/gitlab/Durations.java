package dev.esteira.pipeline.gitlab;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Times as people write them: {@code 1h 30m}, {@code 3 mins 4 sec}, {@code 2 weeks and 1 day}. */
final class Durations {
  private static final long SECONDS_MAX = 100L * 365 * 86_400;
  private static final Pattern CLOCK = Pattern.compile("(?:(\\d{1,6}):)?(\\d{1,6}):(\\d{1,6})");
  private static final Pattern PART =
      Pattern.compile("\\G(?:\\s|,|and\\b)*(\\d{1,12}(?:\\.\\d{1,6})?)\\s*([a-z]*)");
  private static final Map<String, Long> UNITS =
      Map.ofEntries(
          Map.entry("", 1L),
          Map.entry("s", 1L),
          Map.entry("sec", 1L),
          Map.entry("second", 1L),
          Map.entry("m", 60L),
          Map.entry("min", 60L),
          Map.entry("minute", 60L),
          Map.entry("h", 3600L),
          Map.entry("hr", 3600L),
          Map.entry("hour", 3600L),
          Map.entry("d", 86_400L),
          Map.entry("day", 86_400L),
          Map.entry("w", 604_800L),
          Map.entry("wk", 604_800L),
          Map.entry("week", 604_800L),
          Map.entry("mo", 2_592_000L),
          Map.entry("mon", 2_592_000L),
          Map.entry("month", 2_592_000L),
          Map.entry("y", 31_557_600L),
          Map.entry("yr", 31_557_600L),
          Map.entry("year", 31_557_600L));

  private Durations() {}

  /** The seconds, or empty when it is no time. */
  static Optional<Long> seconds(String text) {
    String written = text.strip().toLowerCase(Locale.ROOT);
    Matcher clock = CLOCK.matcher(written);
    if (clock.matches()) {
      String hours = clock.group(1);
      long upper =
          (hours == null ? 0 : Long.parseLong(hours) * 60) + Long.parseLong(clock.group(2));
      return bounded(upper * 60 + Long.parseLong(clock.group(3)));
    }
    Matcher part = PART.matcher(written);
    double sum = 0;
    int end = 0;
    while (part.find()) {
      Long unit = unit(part.group(2));
      if (unit == null) {
        return Optional.empty();
      }
      sum += Double.parseDouble(part.group(1)) * unit;
      end = part.end();
    }
    boolean whole = end > 0 && written.substring(end).isBlank();
    return whole ? bounded(Math.round(Math.min(sum, SECONDS_MAX))) : Optional.empty();
  }

  private static @Nullable Long unit(String word) {
    Long unit = UNITS.get(word);
    return unit == null && word.endsWith("s")
        ? UNITS.get(word.substring(0, word.length() - 1))
        : unit;
  }

  private static Optional<Long> bounded(long seconds) {
    return Optional.of(Math.min(seconds, SECONDS_MAX));
  }
}
