package dev.esteira.store;

import dev.esteira.base.EsteiraException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The ledger in one SQLite file. One thread writes, and commits all transactions that wait at once
 * (group commit); readers have connections of their own and see the last commit. A second process
 * that opens the same directory is refused.
 */
public final class SqliteLedger implements Ledger {
  private static final int READERS = 4;
  private static final long READER_POLL_MILLIS = 1_000;
  private static final long HISTORY_BYTES_MAX = 64L << 20;
  private static final long EVENTS_MAX = 100_000;

  private final DirectoryLock lock;
  private final Writer writer;
  private final Watches watches;
  private final BlockingQueue<Sql> readers = new ArrayBlockingQueue<>(READERS);

  private SqliteLedger(DirectoryLock lock, Path file, long historyBytesMax, long eventsMax) {
    this.lock = lock;
    Sql sql = Sql.open(file);
    Schema.migrate(sql, file);
    for (int i = 0; i < READERS; i++) {
      Sql reader = Sql.open(file);
      reader.execute("pragma query_only = on");
      readers.add(reader);
    }
    this.watches = new Watches(this::page, Rows.counter(sql, Writer.REVISION));
    this.writer = new Writer(sql, watches, historyBytesMax, eventsMax);
  }

  /** Opens or makes the ledger in this directory. */
  public static SqliteLedger open(Path directory) {
    return open(directory, HISTORY_BYTES_MAX, EVENTS_MAX);
  }

  /**
   * {@code historyBytesMax} bounds the changes that are kept for watches that begin in the past,
   * {@code eventsMax} the events of all streams together.
   */
  static SqliteLedger open(Path directory, long historyBytesMax, long eventsMax) {
    Path real;
    try {
      real = Files.createDirectories(directory).toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException("could not make " + directory, e);
    }
    DirectoryLock lock = DirectoryLock.take(real);
    if (System.getProperty("org.sqlite.tmpdir") == null) {
      // The driver unpacks its library: into the home, where nothing is left behind.
      System.setProperty("org.sqlite.tmpdir", real.toString());
    }
    boolean opened = false;
    try {
      SqliteLedger ledger =
          new SqliteLedger(lock, real.resolve("ledger.db"), historyBytesMax, eventsMax);
      opened = true;
      return ledger;
    } finally {
      if (!opened) {
        lock.close();
      }
    }
  }

  @Override
  public <T> T write(Function<Transaction, T> work) {
    return writer.write(work);
  }

  @Override
  public Optional<Stored> get(String kind, String key) {
    return read(sql -> Rows.get(sql, kind, key));
  }

  @Override
  public List<Stored> list(String kind, String prefix) {
    return read(sql -> Rows.list(sql, kind, prefix));
  }

  @Override
  public Snapshot snapshot(String kind, String prefix) {
    return read(sql -> {
      sql.execute("begin");
      try {
        long revision = Rows.counter(sql, Writer.REVISION);
        return new Snapshot(revision, Rows.list(sql, kind, prefix));
      } finally {
        sql.execute("commit");
      }
    });
  }

  @Override
  public List<Event> events(String stream, long after, int limit) {
    return read(sql -> Rows.events(sql, stream, after, limit));
  }

  @Override
  public long revision() {
    return writer.revision();
  }

  @Override
  public Watch watch(String kind, String prefix, long after) {
    return watches.watch(kind, prefix, after);
  }

  private List<Recorded> page(String kind, String prefix, long after, long to, int limit) {
    return read(sql -> {
      List<Recorded> page = Rows.changes(sql, kind, prefix, after, to, limit);
      // Looked up after the page: what had not been cut by now was in it.
      long cut = Rows.counter(sql, Writer.CUT);
      if (after < cut) {
        throw EsteiraException.limit(
            "changes after revision %d are no longer kept, the oldest begin after %d; list again"
                .formatted(ChangeId.revisionOf(after), ChangeId.revisionOf(cut)));
      }
      return page;
    });
  }

  private <T> T read(Function<Sql, T> query) {
    Sql sql = reader();
    try {
      return query.apply(sql);
    } finally {
      readers.add(sql);
    }
  }

  private Sql reader() {
    try {
      while (!writer.isClosed()) {
        Sql sql = readers.poll(READER_POLL_MILLIS, TimeUnit.MILLISECONDS);
        if (sql != null) {
          return sql;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw EsteiraException.unavailable("interrupted while waiting to read the ledger", e);
    }
    throw EsteiraException.unavailable("the ledger is closed", null);
  }

  /** Waits for the transactions that were accepted, then lets the directory go. */
  @Override
  public void close() {
    if (!writer.close()) {
      return;
    }
    watches.close();
    boolean interrupted = false;
    for (int open = READERS; open > 0; ) {
      try {
        // A reader that is in use is waited for: closing it under a query would end the process.
        readers.take().close();
        open--;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    writer.closeConnection();
    lock.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
