package dev.esteira.store;

import dev.esteira.base.EsteiraException;
import dev.esteira.store.Ledger.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that writes. It takes every transaction that waits, runs each in a savepoint, and
 * commits them together with one sync; then it publishes their changes and lets the callers go on.
 */
final class Writer {
  static final String REVISION = "revision";
  static final String CUT = "history-cut";

  private static final int WAITING_MAX = 10_000;
  private static final int BATCH_MAX = 1_000;
  private static final long OFFER_MILLIS = 1_000;

  private final Sql sql;
  private final Watches watches;
  private final HistoryTable history;
  private final EventTable events;
  private final BlockingQueue<Pending<?>> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
  private final Thread thread;
  private volatile long revision;
  private volatile boolean closing;
  private volatile boolean closed;

  Writer(Sql sql, Watches watches, long historyBytesMax, long eventsMax) {
    this.sql = sql;
    this.watches = watches;
    this.history = new HistoryTable(sql, historyBytesMax);
    this.events = new EventTable(sql, eventsMax);
    this.revision = Rows.counter(sql, REVISION);
    this.thread = Thread.ofPlatform().name("ledger-writer").daemon().start(this::run);
  }

  /** A transaction that waits, and its outcome once {@code done}. */
  private static final class Pending<T> {
    private final Function<Transaction, T> work;
    private final CountDownLatch done = new CountDownLatch(1);
    private List<Recorded> changes = List.of();
    private @Nullable Result<T> result;
    private @Nullable Throwable failure;

    private Pending(Function<Transaction, T> work) {
      this.work = work;
    }
  }

  private record Result<T>(T value) {}

  long revision() {
    return revision;
  }

  boolean isClosed() {
    return closed;
  }

  <T> T write(Function<Transaction, T> work) {
    if (Thread.currentThread().equals(thread)) {
      throw new IllegalStateException("work in a transaction called the ledger itself");
    }
    Pending<T> pending = new Pending<>(work);
    boolean interrupted = enqueue(pending);
    // An interrupt does not end the wait: the caller must learn whether it was committed.
    while (true) {
      try {
        pending.done.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return outcome(pending);
  }

  private boolean enqueue(Pending<?> pending) {
    boolean interrupted = false;
    while (true) {
      if (closing) {
        throw EsteiraException.unavailable("the ledger is closed", null);
      }
      try {
        if (waiting.offer(pending, OFFER_MILLIS, TimeUnit.MILLISECONDS)) {
          return interrupted;
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
  }

  private static <T> T outcome(Pending<T> pending) {
    Throwable failure = pending.failure;
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    Result<T> result = pending.result;
    if (result == null) {
      throw EsteiraException.internal("a transaction ended without a result", failure);
    }
    return result.value();
  }

  private void run() {
    List<Pending<?>> batch = new ArrayList<>();
    while (!closing || !waiting.isEmpty()) {
      try {
        Pending<?> first = waiting.poll(100, TimeUnit.MILLISECONDS);
        if (first == null) {
          continue;
        }
        batch.add(first);
        waiting.drainTo(batch, BATCH_MAX - 1);
        commit(batch);
      } catch (InterruptedException e) {
        // Nobody ends this thread but close().
      } finally {
        batch.forEach(each -> each.done.countDown());
        batch.clear();
      }
    }
    closed = true;
    EsteiraException late = EsteiraException.unavailable("the ledger is closed", null);
    for (Pending<?> each = waiting.poll(); each != null; each = waiting.poll()) {
      each.failure = late;
      each.done.countDown();
    }
  }

  private void commit(List<Pending<?>> batch) {
    long last = revision;
    try {
      sql.execute("begin immediate");
      for (Pending<?> each : batch) {
        if (attempt(each, last + 1)) {
          last++;
        }
      }
      if (last > revision) {
        Rows.setCounter(sql, REVISION, last);
        history.cut();
        events.cut();
      }
      sql.execute("commit");
    } catch (EsteiraException e) {
      undo(batch, e);
      return;
    }
    List<Recorded> changes = new ArrayList<>();
    batch.forEach(each -> changes.addAll(each.changes));
    revision = last;
    watches.publish(last, changes);
  }

  /** Whether the work came to its end; throws when the database failed. */
  private <T> boolean attempt(Pending<T> pending, long next) {
    sql.update("savepoint work");
    SqliteTransaction transaction = new SqliteTransaction(sql, next);
    try {
      pending.result = new Result<>(pending.work.apply(transaction));
      pending.changes = transaction.end();
    } catch (RuntimeException | Error e) {
      transaction.end();
      pending.failure = e;
    }
    EsteiraException broken = transaction.failure();
    if (broken != null) {
      throw broken;
    }
    if (pending.failure != null) {
      sql.update("rollback to work");
    } else {
      history.append(pending.changes);
    }
    sql.update("release work");
    return pending.failure == null;
  }

  /** The database failed: nothing of the batch stays, and everybody in it is told so. */
  private void undo(List<Pending<?>> batch, EsteiraException cause) {
    for (Pending<?> each : batch) {
      if (each.failure == null) {
        each.failure = new EsteiraException(cause.code(), cause.text(), cause.next(), cause);
      }
      each.changes = List.of();
    }
    try {
      sql.execute("rollback");
    } catch (EsteiraException e) {
      // SQLite has rolled back by itself, as it does when the disk is full.
    }
    try {
      history.reload();
    } catch (EsteiraException e) {
      // The next batch fails on the same ground and tries again.
    }
  }

  /** Ends the thread once what waits is done; false when that had been asked for before. */
  boolean close() {
    synchronized (this) {
      if (closing) {
        return false;
      }
      closing = true;
    }
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return true;
  }

  void closeConnection() {
    sql.close();
  }
}
