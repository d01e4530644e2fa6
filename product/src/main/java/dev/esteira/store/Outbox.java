package dev.esteira.store;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.store.Ledger.Snapshot;
import dev.esteira.store.Ledger.Stored;
import dev.esteira.store.Ledger.Transaction;
import dev.esteira.store.Ledger.Watch;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Commands that were decided and not yet carried out. A dispatcher follows the ledger, so that a
 * command is begun only when it is durable; each key and lane has a virtual thread while it has
 * work.
 */
final class Outbox<C> implements AutoCloseable {
  private static final long PAUSE_MILLIS = 1_000;
  private static final long CLOSE_MILLIS_MAX = 10_000;
  private static final Logger LOG = System.getLogger(Outbox.class.getName());

  private record Lane(String key, String name) {}

  private record Entry<C>(String id, C command) {}

  private final Ledger ledger;
  private final String kind;
  private final Class<C> type;
  private final MachineHost.Retry retry;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Lane, Deque<Entry<C>>> lanes = new HashMap<>();
  private final Set<String> taken = new HashSet<>();
  private final Set<Thread> threads = new HashSet<>();
  private volatile boolean closing;

  Outbox(Ledger ledger, String kind, Class<C> type, MachineHost.Retry retry) {
    this.ledger = ledger;
    this.kind = kind;
    this.type = type;
    this.retry = retry;
  }

  void add(Transaction tx, String key, C command) {
    // Made of the revision, so that ids are in the order of the decisions without a counter.
    int number = 0;
    String id = id(tx, key, number);
    while (tx.get(kind, id).isPresent()) {
      id = id(tx, key, ++number);
    }
    tx.put(kind, id, StateJson.write(command));
  }

  private static String id(Transaction tx, String key, int number) {
    return MachineHost.owned(key, String.format(Locale.ROOT, "%015d-%04d", tx.revision(), number));
  }

  void forget(Transaction tx, String key) {
    MachineHost.owned(tx, kind, key).forEach(each -> tx.delete(kind, each.key()));
  }

  void start(Hands<C> hands) {
    spawn(kind, () -> dispatch(hands));
  }

  private void dispatch(Hands<C> hands) {
    while (!closing) {
      try {
        follow(hands);
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        boolean fellBehind = e instanceof EsteiraException known && known.code() == ErrorCode.LIMIT;
        if (closing || (!fellBehind && !pause("dispatch " + kind, e))) {
          return;
        }
      }
    }
  }

  private void follow(Hands<C> hands) throws InterruptedException {
    Snapshot snapshot = ledger.snapshot(kind, "");
    snapshot.items().forEach(each -> take(hands, each));
    try (Watch watch = ledger.watch(kind, "", snapshot.revision())) {
      while (!closing) {
        watch
            .next(PAUSE_MILLIS)
            .filter(change -> change.before().isEmpty())
            .flatMap(Ledger.Change::after)
            .ifPresent(each -> take(hands, each));
      }
    }
  }

  private void take(Hands<C> hands, Stored stored) {
    Entry<C> entry = new Entry<>(stored.key(), StateJson.read(stored.body(), type));
    Lane lane = new Lane(MachineHost.ownerOf(entry.id()), hands.lane(entry.command()));
    lock.lock();
    try {
      if (closing || !taken.add(entry.id())) {
        return;
      }
      Deque<Entry<C>> queue = lanes.get(lane);
      if (queue != null) {
        queue.add(entry);
        return;
      }
      Deque<Entry<C>> made = new ArrayDeque<>();
      made.add(entry);
      lanes.put(lane, made);
      spawn(kind + "/" + lane.key(), () -> work(hands, lane, made));
    } finally {
      lock.unlock();
    }
  }

  private void work(Hands<C> hands, Lane lane, Deque<Entry<C>> queue) {
    for (Entry<C> entry = first(lane, queue); entry != null; entry = first(lane, queue)) {
      if (!finish(hands, lane.key(), entry)) {
        return;
      }
      lock.lock();
      try {
        queue.remove();
        taken.remove(entry.id());
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private @Nullable Entry<C> first(Lane lane, Deque<Entry<C>> queue) {
    lock.lock();
    try {
      if (queue.isEmpty()) {
        lanes.remove(lane);
      }
      return closing ? null : queue.peek();
    } finally {
      lock.unlock();
    }
  }

  /** False when it was left unfinished because this is closing. */
  private boolean finish(Hands<C> hands, String key, Entry<C> entry) {
    for (int attempt = 1; !closing; attempt++) {
      try {
        if (ledger.get(kind, entry.id()).isEmpty()) {
          return true;
        }
        attempt(hands, key, entry, attempt);
        ledger.write(tx -> tx.delete(kind, entry.id()));
        return true;
      } catch (Exception e) {
        if (closing
            || !pause(
                "carry out " + name(entry.command()) + " for " + key,
                e,
                retry.delayMillis(attempt))) {
          return false;
        }
      }
    }
    return false;
  }

  private void attempt(Hands<C> hands, String key, Entry<C> entry, int attempt) throws Exception {
    try {
      hands.carryOut(key, entry.command());
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      if (closing || attempt < retry.attemptsMax()) {
        throw e;
      }
      hands.gaveUp(key, entry.command(), e);
    }
  }

  /** Its kind alone: what it holds may be nobody else's business. */
  private static String name(Object command) {
    return command.getClass().getSimpleName();
  }

  private boolean pause(String what, Exception cause) {
    return pause(what, cause, PAUSE_MILLIS);
  }

  /** False when this closes meanwhile. */
  private boolean pause(String what, Exception cause, long millis) {
    LOG.log(Level.WARNING, "could not " + what + "; again in " + millis + " ms", cause);
    lock.lock();
    try {
      long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
      while (!closing && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
    return !closing;
  }

  boolean awaitIdle(long waitMillis) throws InterruptedException {
    long nanos = TimeUnit.MILLISECONDS.toNanos(waitMillis);
    lock.lock();
    try {
      while (!ledger.list(kind, "").isEmpty()) {
        if (nanos <= 0) {
          return false;
        }
        nanos -= Math.min(nanos, TimeUnit.MILLISECONDS.toNanos(5));
        changed.await(5, TimeUnit.MILLISECONDS);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void spawn(String name, Runnable task) {
    Thread thread =
        Thread.ofVirtual()
            .name(name)
            .unstarted(() -> {
              try {
                task.run();
              } finally {
                ended(Thread.currentThread());
              }
            });
    lock.lock();
    try {
      threads.add(thread);
    } finally {
      lock.unlock();
    }
    thread.start();
  }

  private void ended(Thread thread) {
    lock.lock();
    try {
      threads.remove(thread);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    closing = true;
    lock.lock();
    try {
      changed.signalAll();
      threads.forEach(Thread::interrupt);
      long nanos = TimeUnit.MILLISECONDS.toNanos(CLOSE_MILLIS_MAX);
      while (!threads.isEmpty() && nanos > 0 && !threads.contains(Thread.currentThread())) {
        nanos = changed.awaitNanos(nanos);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }
}
