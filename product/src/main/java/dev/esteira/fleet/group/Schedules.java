package dev.esteira.fleet.group;

import dev.esteira.base.EsteiraException;
import java.time.Instant;
import java.util.Optional;

/** Scheduled actions: when they are due, and what they do. */
final class Schedules {
  static final int SCHEDULES_MAX = 125;

  private Schedules() {}

  static void put(Draft draft, Schedule wanted) {
    if (wanted.recurrence().isEmpty() && wanted.start().isEmpty()) {
      throw EsteiraException.invalid("Must specify either a start time or a recurrence");
    }
    if (wanted.min().isEmpty() && wanted.max().isEmpty() && wanted.desired().isEmpty()) {
      throw EsteiraException.invalid(
          "At least one of MinSize, MaxSize and DesiredCapacity must be specified");
    }
    if (wanted.start().isPresent() && wanted.start().get().isBefore(draft.now)) {
      throw EsteiraException.invalid("Given start time is in the past");
    }
    if (wanted.end().isPresent() && wanted.end().get().isBefore(draft.now)) {
      throw EsteiraException.invalid("Given end time is in the past");
    }
    draft.schedules.removeIf(each -> each.name().equals(wanted.name()));
    if (draft.schedules.size() >= SCHEDULES_MAX) {
      throw EsteiraException.limit("a group has at most " + SCHEDULES_MAX + " scheduled actions");
    }
    draft.schedules.add(wanted.next(next(wanted, draft.now)));
  }

  static void run(Draft draft) {
    for (int i = 0; i < draft.schedules.size(); i++) {
      Schedule schedule = draft.schedules.get(i);
      if (schedule.next().isPresent() && draft.due(schedule.next().get())) {
        if (!draft.settings.rests("ScheduledActions") && !draft.deleting) {
          act(draft, schedule);
        }
        Schedule later = schedule.next(next(schedule, draft.now));
        later.next().ifPresent(draft::wakeAt);
        draft.schedules.set(i, later);
      }
    }
    draft.schedules.removeIf(each -> each.next().isEmpty());
  }

  private static void act(Draft draft, Schedule schedule) {
    int min = schedule.min().orElse(draft.settings.min());
    int max = Math.max(min, schedule.max().orElse(draft.settings.max()));
    draft.settings =
        draft.settings.with(GroupChange.size(Optional.of(min), Optional.of(max), Optional.empty()));
    int desired = Math.clamp(schedule.desired().orElse(draft.desired), min, max);
    draft.wish(
        desired,
        "a scheduled action update of AutoScalingGroup constraints to min: %d, max: %d, desired: %d"
            .formatted(min, max, desired));
  }

  private static Optional<Instant> next(Schedule schedule, Instant now) {
    Instant from = schedule.start().filter(start -> start.isAfter(now)).orElse(now);
    if (schedule.recurrence().isEmpty()) {
      return schedule.start().filter(start -> start.isAfter(now));
    }
    // A start that fits the recurrence is itself the first time.
    Instant after = from.equals(now) ? from : from.minusMillis(1);
    return new Cron(schedule.recurrence(), schedule.timeZone())
        .after(after)
        .filter(due -> schedule.end().map(end -> !due.isAfter(end)).orElse(true));
  }
}
