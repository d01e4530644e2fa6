package dev.esteira.fleet.group;

import java.time.Instant;
import java.util.Optional;

/**
 * A scheduled action.
 *
 * @param recurrence five fields of cron; empty: once, at {@code start}
 * @param next when it acts next; empty when it has no more to do
 */
public record Schedule(
    String name,
    Optional<Instant> start,
    Optional<Instant> end,
    String recurrence,
    String timeZone,
    Optional<Integer> min,
    Optional<Integer> max,
    Optional<Integer> desired,
    Optional<Instant> next) {
  Schedule next(Optional<Instant> due) {
    return new Schedule(name, start, end, recurrence, timeZone, min, max, desired, due);
  }
}
