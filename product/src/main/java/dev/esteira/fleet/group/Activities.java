package dev.esteira.fleet.group;

import dev.esteira.store.Ledger;
import dev.esteira.store.StateJson;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/** What groups did, kept for six weeks, also of groups that are gone. */
final class Activities {
  private static final String KIND = "group-activity";
  private static final Duration KEPT = Duration.ofDays(42);
  private static final int KEPT_MAX = 500;

  private final Ledger ledger;

  Activities(Ledger ledger) {
    this.ledger = ledger;
  }

  /** Writes it anew; what is too old or too much of the same group goes. */
  void note(Activity activity) {
    String group = activity.group() + "/";
    ledger.write(tx -> {
      List<Ledger.Stored> all = tx.list(KIND, group);
      int tooMany = all.size() - KEPT_MAX;
      for (Ledger.Stored each : all) {
        boolean old = read(each).startTime().isBefore(activity.startTime().minus(KEPT));
        if (old || tooMany-- > 0) {
          tx.delete(KIND, each.key());
        } else {
          break;
        }
      }
      tx.put(KIND, key(activity), StateJson.write(activity));
      return true;
    });
  }

  private static String key(Activity activity) {
    // Begins with the time, so that keys are in the order of what happened.
    return "%s/%020d/%s"
        .formatted(activity.group(), activity.startTime().toEpochMilli(), activity.id());
  }

  private static Activity read(Ledger.Stored stored) {
    return StateJson.read(stored.body(), Activity.class);
  }

  /** The latest first; of all groups when {@code group} is empty. */
  List<Activity> of(String group) {
    return ledger.list(KIND, group.isEmpty() ? "" : group + "/").stream()
        .map(Activities::read)
        .sorted(Comparator.comparing(Activity::startTime).reversed())
        .toList();
  }
}
