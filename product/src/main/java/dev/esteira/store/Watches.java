package dev.esteira.store;

import dev.esteira.base.EsteiraException;
import dev.esteira.store.Ledger.Change;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Brings committed changes to the open watches. A watch holds a bounded number of changes; one that
 * was given more, or that began in the past, reads on from the history until it has caught up. So a
 * slow reader costs no memory, and is refused only when the history has been cut under it.
 */
final class Watches {
  private static final int PENDING_CHANGES_MAX = 1_000;
  private static final int PAGE_CHANGES = 500;

  /** The kept changes. */
  interface History {
    /**
     * At most {@code limit} changes with {@code after < id <= to}, in order. Throws {@code LIMIT}
     * when some of them are no longer kept.
     */
    List<Recorded> page(String kind, String prefix, long after, long to, int limit);
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final List<Cursor> open = new ArrayList<>();
  private final History history;
  private long published;
  private boolean closed;

  Watches(History history, long revision) {
    this.history = history;
    this.published = ChangeId.lastOf(revision);
  }

  Ledger.Watch watch(String kind, String prefix, long after) {
    if (after < 0) {
      throw EsteiraException.invalid("cannot watch after revision " + after + ": it is below 0");
    }
    Cursor cursor = new Cursor(kind, prefix, ChangeId.lastOf(after));
    // Refuses a start that is too old here rather than at the first read.
    history.page(kind, prefix, cursor.position, cursor.position, 1);
    lock.lock();
    try {
      cursor.closed = closed;
      cursor.behind = cursor.position < published;
      open.add(cursor);
    } finally {
      lock.unlock();
    }
    return cursor;
  }

  /** The changes of the transactions up to this revision, after they became durable. */
  void publish(long revision, List<Recorded> changes) {
    lock.lock();
    try {
      published = ChangeId.lastOf(revision);
      for (Cursor cursor : open) {
        cursor.offer(changes);
      }
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      for (Cursor cursor : open) {
        cursor.closed = true;
        cursor.arrived.signalAll();
      }
      open.clear();
    } finally {
      lock.unlock();
    }
  }

  private final class Cursor implements Ledger.Watch {
    private final String kind;
    private final String prefix;
    private final Condition arrived = lock.newCondition();
    private final Deque<Change> pending = new ArrayDeque<>();

    /** Everything up to here is in {@code pending} or has been read. */
    private long position;

    /** Whether the history holds more than {@code pending} does. */
    private boolean behind;

    private boolean closed;

    Cursor(String kind, String prefix, long position) {
      this.kind = kind;
      this.prefix = prefix;
      this.position = position;
    }

    void offer(List<Recorded> changes) {
      if (behind) {
        return;
      }
      for (Recorded each : changes) {
        if (each.id() > position && matches(each.change())) {
          if (pending.size() >= PENDING_CHANGES_MAX) {
            behind = true;
            return;
          }
          pending.add(each.change());
          position = each.id();
          arrived.signal();
        }
      }
      position = Math.max(position, published);
    }

    private boolean matches(Change change) {
      return change.kind().equals(kind) && change.key().startsWith(prefix);
    }

    @Override
    public Optional<Change> next(long waitMillis) throws InterruptedException {
      long nanos = TimeUnit.MILLISECONDS.toNanos(waitMillis);
      lock.lockInterruptibly();
      try {
        while (!closed) {
          Change change = pending.poll();
          if (change != null) {
            return Optional.of(change);
          }
          if (behind) {
            catchUp();
          } else if (nanos <= 0) {
            return Optional.empty();
          } else {
            nanos = arrived.awaitNanos(nanos);
          }
        }
        return Optional.empty();
      } finally {
        lock.unlock();
      }
    }

    /** Reads one page without holding up the writers; called and left with the lock held. */
    private void catchUp() {
      long to = published;
      List<Recorded> page;
      lock.unlock();
      try {
        page = history.page(kind, prefix, position, to, PAGE_CHANGES);
      } finally {
        lock.lock();
      }
      page.forEach(each -> pending.add(each.change()));
      boolean whole = page.size() < PAGE_CHANGES;
      position = whole ? to : page.getLast().id();
      behind = position < published;
    }

    @Override
    public void close() {
      lock.lock();
      try {
        closed = true;
        open.remove(this);
        arrived.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
