package dev.esteira.store;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The durable memory of a home: versioned objects, appended events, numbered sequences, and
 * watches.
 *
 * <p>Every write happens in a transaction that is durable (WAL, full sync) when {@link #write}
 * returns; concurrent writers share one sync (group commit). Each transaction gets one revision,
 * greater than all before it. Reads see committed state only. Thread-safe.
 */
public interface Ledger extends AutoCloseable {
  /** An object's key, body (JSON text) and the revisions of its making and of its last change. */
  record Stored(String kind, String key, long created, long revision, String body) {}

  /** One committed change of one object; {@code before} is empty when the object was made. */
  record Change(
      long revision, String kind, String key, Optional<Stored> before, Optional<Stored> after) {}

  /** An appended event: {@code sequence} counts from 1 within its stream. */
  record Event(String stream, long sequence, String body) {}

  /** What one moment held: the objects, and the revision after which to {@link #watch}. */
  record Snapshot(long revision, List<Stored> items) {
    public Snapshot {
      items = List.copyOf(items);
    }
  }

  /** What a transaction can see and do. Valid only inside {@link #write}. */
  interface Transaction {
    /** The revision that this transaction will have. */
    long revision();

    Optional<Stored> get(String kind, String key);

    /** Objects of the kind whose keys start with {@code prefix}, in key order. */
    List<Stored> list(String kind, String prefix);

    /** Makes or replaces the object; the same body again is a change too. */
    void put(String kind, String key, String body);

    /** Whether there was something to delete. */
    boolean delete(String kind, String key);

    /** Appends an event to a stream and returns its sequence. */
    long append(String stream, String body);

    /** The next number of a sequence, from 1, never given twice once committed. */
    long next(String sequence);
  }

  /**
   * Runs {@code work} alone among writers and returns its result once durable. An exception rolls
   * back that transaction only and is thrown here. {@code work} must not block, do I/O or call the
   * ledger; it may run on another thread. When the disk fails or is full, every transaction that
   * shared the sync is rolled back whole and gets {@code UNAVAILABLE}; later ones are tried anew.
   */
  <T> T write(Function<Transaction, T> work);

  Optional<Stored> get(String kind, String key);

  List<Stored> list(String kind, String prefix);

  /** The objects of {@link #list} with the revision of the moment at which they were read. */
  Snapshot snapshot(String kind, String prefix);

  /**
   * Events of a stream with a sequence greater than {@code after}, at most {@code limit}. Beyond a
   * number for all streams together the oldest are no longer kept, but the last of each stream is.
   */
  List<Event> events(String stream, long after, int limit);

  /** The revision of the last committed transaction. */
  long revision();

  /**
   * Changes of a kind under a prefix after revision {@code after}, in order, none lost and none
   * twice; several of one object in one transaction are told as one. Refused with {@code LIMIT}
   * when {@code after} is older than what is kept (the caller lists again). A reader that falls too
   * far behind gets the same from {@link Watch#next}. One thread reads a watch.
   */
  Watch watch(String kind, String prefix, long after);

  /** An open watch; closing it wakes a blocked {@link #next}. */
  interface Watch extends AutoCloseable {
    /** The next change, or empty when {@code waitMillis} passed or the watch was closed. */
    Optional<Change> next(long waitMillis) throws InterruptedException;

    @Override
    void close();
  }

  @Override
  void close();
}
