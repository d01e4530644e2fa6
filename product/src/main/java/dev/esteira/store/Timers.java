package dev.esteira.store;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.store.Ledger.Snapshot;
import dev.esteira.store.Ledger.Stored;
import dev.esteira.store.Ledger.Transaction;
import dev.esteira.store.Ledger.Watch;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The timers of one kind of machine: set within a step, and fired in one transaction each. */
final class Timers implements AutoCloseable {
  /** The longest sleep, so that a clock that was set forward is noticed. */
  private static final long SLEEP_MILLIS_MAX = 1_000;

  private static final Logger LOG = System.getLogger(Timers.class.getName());

  private final Ledger ledger;
  private final String kind;
  private final InstantSource clock;
  private final Firing firing;
  private volatile boolean closing;
  private @Nullable Thread thread;

  /** Delivers the event of a timer that is due, within the transaction that deletes it. */
  interface Firing {
    void fire(Transaction tx, String key, String event);
  }

  private record Pending(Instant due, String event) {}

  Timers(Ledger ledger, String kind, InstantSource clock, Firing firing) {
    this.ledger = ledger;
    this.kind = kind;
    this.clock = clock;
    this.firing = firing;
  }

  void set(Transaction tx, String key, String name, Instant due, String event) {
    String timer = MachineHost.owned(key, MachineHost.checkedName(name));
    tx.put(kind, timer, StateJson.write(new Pending(due, event)));
  }

  void forget(Transaction tx, String key) {
    MachineHost.owned(tx, kind, key).forEach(each -> tx.delete(kind, each.key()));
  }

  void start() {
    thread = Thread.ofVirtual().name(kind).start(this::run);
  }

  /** Fires what is due, the earliest first. */
  int crank() {
    Instant now = clock.instant();
    List<Stored> due =
        ledger.list(kind, "").stream()
            .filter(each -> !due(each).isAfter(now))
            .sorted(Comparator.comparing(Timers::due))
            .toList();
    int fired = 0;
    for (Stored each : due) {
      if (ledger.<Boolean>write(tx -> fire(tx, each))) {
        fired++;
      }
    }
    return fired;
  }

  /** Does nothing when the timer was moved or fired meanwhile. */
  private boolean fire(Transaction tx, Stored timer) {
    if (!tx.get(kind, timer.key()).equals(Optional.of(timer))) {
      return false;
    }
    tx.delete(kind, timer.key());
    firing.fire(
        tx, MachineHost.ownerOf(timer.key()), StateJson.read(timer.body(), Pending.class).event());
    return true;
  }

  private static Instant due(Stored timer) {
    return StateJson.read(timer.body(), Pending.class).due();
  }

  private void run() {
    while (!closing) {
      try {
        follow();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        if (closing) {
          return;
        }
        boolean fellBehind = e instanceof EsteiraException known && known.code() == ErrorCode.LIMIT;
        if (!fellBehind) {
          LOG.log(Level.ERROR, "could not run the timers of " + kind + "; trying again", e);
          pause();
        }
      }
    }
  }

  private void follow() throws InterruptedException {
    Snapshot snapshot = ledger.snapshot(kind, "");
    Map<String, Instant> dues = new HashMap<>();
    snapshot.items().forEach(each -> dues.put(each.key(), due(each)));
    try (Watch watch = ledger.watch(kind, "", snapshot.revision())) {
      while (!closing) {
        watch
            .next(sleepMillis(dues))
            .ifPresent(change ->
                change
                    .after()
                    .ifPresentOrElse(
                        after -> dues.put(change.key(), due(after)),
                        () -> dues.remove(change.key())));
        if (sleepMillis(dues) == 0) {
          crank();
        }
      }
    }
  }

  private long sleepMillis(Map<String, Instant> dues) {
    Instant now = clock.instant();
    long earliest = SLEEP_MILLIS_MAX;
    for (Instant due : dues.values()) {
      // One more, because the rest of a millisecond that is cut off here would be spent spinning.
      long millis = due.isAfter(now) ? Duration.between(now, due).toMillis() + 1 : 0;
      earliest = Math.min(earliest, millis);
    }
    return earliest;
  }

  private static void pause() {
    try {
      Thread.sleep(SLEEP_MILLIS_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closing = true;
    Thread running = thread;
    if (running != null) {
      running.interrupt();
    }
  }
}
