package dev.esteira.store;

import dev.esteira.base.EsteiraException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/** The ledger in memory, for quick tests; it passes the same contract suite as the real one. */
public final class TestingLedger implements Ledger {
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, NavigableMap<String, Stored>> objects = new HashMap<>();
  private final Map<String, List<Event>> events = new HashMap<>();
  private final Map<String, Long> sequences = new HashMap<>();
  private final Deque<Recorded> history = new ArrayDeque<>();
  private final int historyMax;
  private final Watches watches;
  private long cut;
  private long revision;
  private boolean closed;

  public TestingLedger() {
    this(100_000);
  }

  /** Keeps at most this many changes for watches that begin in the past. */
  public TestingLedger(int historyMax) {
    this.historyMax = historyMax;
    this.watches = new Watches(this::page, 0);
  }

  @Override
  public <T> T write(Function<Transaction, T> work) {
    if (lock.isHeldByCurrentThread()) {
      throw new IllegalStateException("work in a transaction called the ledger itself");
    }
    return locked(() -> {
      Attempt attempt = new Attempt(revision + 1);
      boolean whole = false;
      T result;
      try {
        result = work.apply(attempt);
        whole = true;
      } finally {
        attempt.over = true;
        if (!whole) {
          attempt.undo.reversed().forEach(Runnable::run);
        }
      }
      revision++;
      List<Recorded> changes = attempt.changes.recorded();
      history.addAll(changes);
      cut();
      watches.publish(revision, changes);
      return result;
    });
  }

  private void cut() {
    while (history.size() > historyMax) {
      cut = ChangeId.lastOf(ChangeId.revisionOf(history.remove().id()));
    }
  }

  @Override
  public Optional<Stored> get(String kind, String key) {
    return locked(() -> Optional.ofNullable(kind(kind).get(key)));
  }

  @Override
  public List<Stored> list(String kind, String prefix) {
    return locked(() -> under(kind, prefix));
  }

  @Override
  public Snapshot snapshot(String kind, String prefix) {
    return locked(() -> new Snapshot(revision, under(kind, prefix)));
  }

  @Override
  public List<Event> events(String stream, long after, int limit) {
    return locked(() ->
        events.getOrDefault(stream, List.of()).stream()
            .filter(each -> each.sequence() > after)
            .limit(limit)
            .toList());
  }

  @Override
  public long revision() {
    return locked(() -> revision);
  }

  @Override
  public Watch watch(String kind, String prefix, long after) {
    return watches.watch(kind, prefix, after);
  }

  @Override
  public void close() {
    closed = true;
    watches.close();
  }

  private NavigableMap<String, Stored> kind(String kind) {
    return objects.computeIfAbsent(kind, name -> new TreeMap<>());
  }

  private List<Stored> under(String kind, String prefix) {
    return kind(kind).tailMap(prefix, true).values().stream()
        .takeWhile(each -> each.key().startsWith(prefix))
        .toList();
  }

  private List<Recorded> page(String kind, String prefix, long after, long to, int limit) {
    return locked(() -> {
      if (after < cut) {
        throw EsteiraException.limit("changes after that revision are no longer kept");
      }
      return history.stream()
          .filter(each -> each.id() > after && each.id() <= to)
          .filter(each -> each.change().kind().equals(kind))
          .filter(each -> each.change().key().startsWith(prefix))
          .limit(limit)
          .toList();
    });
  }

  private interface Access<T> {
    T run();
  }

  private <T> T locked(Access<T> access) {
    lock.lock();
    try {
      if (closed) {
        throw EsteiraException.unavailable("the ledger is closed", null);
      }
      return access.run();
    } finally {
      lock.unlock();
    }
  }

  private final class Attempt implements Transaction {
    private final long next;
    private final ChangeSet changes;
    private final List<Runnable> undo = new ArrayList<>();
    private boolean over;

    Attempt(long next) {
      this.next = next;
      this.changes = new ChangeSet(next);
    }

    @Override
    public long revision() {
      return next;
    }

    @Override
    public Optional<Stored> get(String kind, String key) {
      check();
      return Optional.ofNullable(kind(kind).get(key));
    }

    @Override
    public List<Stored> list(String kind, String prefix) {
      check();
      return under(kind, prefix);
    }

    @Override
    public void put(String kind, String key, String body) {
      Optional<Stored> before = get(kind, key);
      long created = before.map(Stored::created).orElse(next);
      Stored after = new Stored(kind, key, created, next, body);
      kind(kind).put(key, after);
      undo.add(() -> restore(kind, key, before));
      changes.add(kind, key, before, Optional.of(after));
    }

    @Override
    public boolean delete(String kind, String key) {
      Optional<Stored> before = get(kind, key);
      if (before.isPresent()) {
        kind(kind).remove(key);
        undo.add(() -> restore(kind, key, before));
        changes.add(kind, key, before, Optional.empty());
      }
      return before.isPresent();
    }

    @Override
    public long append(String stream, String body) {
      check();
      List<Event> all = events.computeIfAbsent(stream, name -> new ArrayList<>());
      all.add(new Event(stream, all.size() + 1L, body));
      undo.add(all::removeLast);
      return all.size();
    }

    @Override
    public long next(String sequence) {
      check();
      long before = sequences.getOrDefault(sequence, 0L);
      sequences.put(sequence, before + 1);
      undo.add(() -> sequences.put(sequence, before));
      return before + 1;
    }

    private void restore(String kind, String key, Optional<Stored> before) {
      before.ifPresentOrElse(stored -> kind(kind).put(key, stored), () -> kind(kind).remove(key));
    }

    private void check() {
      if (over) {
        throw new IllegalStateException("a transaction was used after its end");
      }
    }
  }
}
