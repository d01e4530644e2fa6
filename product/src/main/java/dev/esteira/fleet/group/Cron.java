package dev.esteira.fleet.group;

import dev.esteira.base.EsteiraException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Five fields of cron (minute, hour, day of month, month, day of week) in a time zone. Lists,
 * ranges, steps and names of months and days are known; when both days are limited, either fits.
 */
final class Cron {
  private static final int YEARS_MAX = 5;
  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
  private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

  private final BitSet minutes;
  private final BitSet hours;
  private final BitSet days;
  private final BitSet months;
  private final BitSet weekdays;
  private final boolean anyDay;
  private final boolean anyWeekday;
  private final ZoneId zone;

  Cron(String text, String timeZone) {
    String[] fields = text.strip().split("\\s+");
    if (fields.length != 5) {
      throw EsteiraException.invalid(
          "Given recurrence string: '" + text + "' is invalid: it needs five fields");
    }
    try {
      this.zone = ZoneId.of(timeZone.isEmpty() ? "UTC" : timeZone);
    } catch (DateTimeException e) {
      throw EsteiraException.invalid("The time zone '" + timeZone + "' is not known");
    }
    this.minutes = field(text, fields[0], 0, 59, List.of());
    this.hours = field(text, fields[1], 0, 23, List.of());
    this.days = field(text, fields[2], 1, 31, List.of());
    this.months = field(text, fields[3], 1, 12, MONTHS);
    this.weekdays = field(text, fields[4], 0, 7, DAYS);
    if (weekdays.get(7)) {
      weekdays.set(0);
    }
    this.anyDay = fields[2].startsWith("*");
    this.anyWeekday = fields[4].startsWith("*");
  }

  /** The first fitting minute after {@code from}. */
  Optional<Instant> after(Instant from) {
    ZonedDateTime at = from.atZone(zone).truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
    ZonedDateTime last = at.plusYears(YEARS_MAX);
    while (at.isBefore(last)) {
      if (!months.get(at.getMonthValue())) {
        at = at.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1).plusMonths(1);
      } else if (!dayFits(at)) {
        at = at.truncatedTo(ChronoUnit.DAYS).plusDays(1);
      } else if (!hours.get(at.getHour())) {
        at = at.truncatedTo(ChronoUnit.HOURS).plusHours(1);
      } else if (!minutes.get(at.getMinute())) {
        at = at.plusMinutes(1);
      } else {
        return Optional.of(at.toInstant());
      }
    }
    return Optional.empty();
  }

  private boolean dayFits(ZonedDateTime at) {
    boolean day = days.get(at.getDayOfMonth());
    boolean weekday = weekdays.get(at.getDayOfWeek().getValue() % 7);
    return (anyDay || anyWeekday) ? (day && weekday) : (day || weekday);
  }

  private static BitSet field(String text, String field, int from, int to, List<String> names) {
    BitSet set = new BitSet();
    try {
      for (String part : field.toLowerCase(Locale.ROOT).split(",", -1)) {
        String[] stepped = part.split("/", 2);
        int step = stepped.length == 2 ? Integer.parseInt(stepped[1]) : 1;
        String[] range = stepped[0].split("-", 2);
        int first = range[0].equals("*") ? from : number(range[0], names, from);
        boolean open = range[0].equals("*") || stepped.length == 2;
        int last = range.length == 2 ? number(range[1], names, from) : open ? to : first;
        if (step < 1 || first < from || last > to || first > last) {
          throw new NumberFormatException(part);
        }
        for (int i = first; i <= last; i += step) {
          set.set(i);
        }
      }
    } catch (NumberFormatException e) {
      throw EsteiraException.invalid(
          "Given recurrence string: '%s' is invalid: the field '%s' is not within %d-%d"
              .formatted(text, field, from, to));
    }
    return set;
  }

  private static int number(String text, List<String> names, int from) {
    int named = names.indexOf(text);
    return named >= 0 ? named + from : Integer.parseInt(text);
  }
}
