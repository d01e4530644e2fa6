package dev.esteira.pipeline;

import dev.esteira.base.EsteiraException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * When something is due: minute, hour, day of month, month and day of week (crontab(5)). When both
 * days are restricted, either will do. Names of months and days, ranges, steps, lists, and {@code
 * @daily} and its like are known.
 */
record Cron(
    BitSet minutes,
    BitSet hours,
    BitSet days,
    BitSet months,
    BitSet weekDays,
    boolean eitherDay,
    ZoneId zone) {
  private static final Map<String, String> NICKNAMES =
      Map.of(
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *",
          "@monthly", "0 0 1 * *",
          "@weekly", "0 0 * * 0",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@hourly", "0 * * * *");
  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
  private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");
  private static final int YEARS_AHEAD_MAX = 8;

  static Cron parse(String text, String zone) {
    String plain = text.strip().toLowerCase(Locale.ROOT);
    String[] fields = NICKNAMES.getOrDefault(plain, plain).split("\\s+");
    if (fields.length != 5) {
      throw EsteiraException.invalid(
          "'" + text + "' is no cron expression: expected 5 fields, such as '30 4 * * mon-fri'");
    }
    try {
      BitSet weekDays = field(text, fields[4], 0, 7, DAYS);
      if (weekDays.get(7)) {
        weekDays.set(0);
      }
      return new Cron(
          field(text, fields[0], 0, 59, List.of()),
          field(text, fields[1], 0, 23, List.of()),
          field(text, fields[2], 1, 31, List.of()),
          field(text, fields[3], 1, 12, MONTHS),
          weekDays,
          !fields[2].startsWith("*") && !fields[4].startsWith("*"),
          ZoneId.of(zone));
    } catch (DateTimeException e) {
      throw EsteiraException.invalid(
          "'" + zone + "' is no time zone: expected one such as UTC or America/Sao_Paulo");
    }
  }

  private static BitSet field(String text, String field, int least, int most, List<String> names) {
    BitSet set = new BitSet();
    for (String part : field.split(",", -1)) {
      String[] stepped = part.split("/", -1);
      String range = stepped[0];
      int from = least;
      int to = names.equals(DAYS) ? 6 : most;
      if (!range.equals("*")) {
        String[] ends = range.split("-", -1);
        from = number(text, ends[0], least, names);
        boolean open = ends.length == 1 && stepped.length == 1;
        to = ends.length > 1 ? number(text, ends[1], least, names) : open ? from : to;
      }
      int step = stepped.length > 1 ? number(text, stepped[1], 0, List.of()) : 1;
      boolean good = from >= least && to <= most && from <= to && step > 0 && stepped.length <= 2;
      if (!good) {
        throw EsteiraException.invalid(
            "'%s' in the cron expression '%s' is not within %d-%d"
                .formatted(part, text, least, most));
      }
      for (int value = from; value <= to; value += step) {
        set.set(value);
      }
    }
    return set;
  }

  private static int number(String text, String word, int least, List<String> names) {
    int named = names.indexOf(word);
    if (named >= 0) {
      return named + least;
    }
    if (!word.matches("[0-9]{1,4}")) {
      throw EsteiraException.invalid(
          "'" + word + "' in the cron expression '" + text + "' is no number");
    }
    return Integer.parseInt(word);
  }

  /** The first time after this one. */
  Instant after(Instant instant) {
    ZonedDateTime time = instant.atZone(zone).truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
    ZonedDateTime end = time.plusYears(YEARS_AHEAD_MAX);
    while (time.isBefore(end)) {
      if (!months.get(time.getMonthValue())) {
        time = time.withDayOfMonth(1).truncatedTo(ChronoUnit.DAYS).plusMonths(1);
      } else if (!day(time)) {
        time = time.truncatedTo(ChronoUnit.DAYS).plusDays(1);
      } else if (!hours.get(time.getHour())) {
        time = time.truncatedTo(ChronoUnit.HOURS).plusHours(1);
      } else if (!minutes.get(time.getMinute())) {
        time = time.plusMinutes(1);
      } else {
        return time.toInstant();
      }
    }
    throw EsteiraException.invalid(
        "the cron expression means no time within " + YEARS_AHEAD_MAX + " years");
  }

  private boolean day(ZonedDateTime time) {
    boolean ofMonth = days.get(time.getDayOfMonth());
    boolean ofWeek = weekDays.get(time.getDayOfWeek().getValue() % 7);
    return eitherDay ? ofMonth || ofWeek : ofMonth && ofWeek;
  }
}
