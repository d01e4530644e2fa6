package dev.esteira.observe;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Log streams as files under {@link Home#logs}. What was appended is in the kernel's hands at once,
 * so that it outlives this process, and on the disk within a second. At most 256 streams stay open
 * beside those in use. A stream keeps 1 GiB and then says that it keeps no more.
 */
public final class FileLogs implements Logs, AutoCloseable {
  private static final int OPEN_STREAMS_MAX = 256;
  private static final long SYNC_MILLIS = 500;
  private static final Logger LOG = System.getLogger(FileLogs.class.getName());

  private final Path root;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** The open streams, the longest unused first. */
  private final Map<String, LogStream> open = new LinkedHashMap<>(64, 0.75f, true);

  private final Set<String> unsynced = new HashSet<>();
  private final Thread syncer;
  private boolean closed;

  public FileLogs(Home home) {
    this.root = home.logs();
    this.syncer = Thread.ofVirtual().name("log-sync").start(this::syncUntilClosed);
  }

  @Override
  public void append(String stream, Instant at, String text) {
    use(
        stream,
        each -> {
          each.append(at, text);
          return true;
        });
    lock.lock();
    try {
      if (unsynced.add(stream) && unsynced.size() == 1) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void sync(String stream) {
    use(
        stream,
        each -> {
          each.sync();
          return true;
        });
  }

  @Override
  public List<Line> read(String stream, long offset, int limit) {
    return use(stream, each -> each.read(offset, limit));
  }

  @Override
  public List<Line> follow(String stream, long offset, int limit, long waitMillis)
      throws InterruptedException {
    LogStream taken = take(stream);
    try {
      return taken.follow(offset, limit, waitMillis);
    } finally {
      giveBack(taken);
    }
  }

  @Override
  public void end(String stream) {
    use(
        stream,
        each -> {
          each.end();
          return true;
        });
  }

  @Override
  public boolean ended(String stream) {
    return use(stream, LogStream::ended);
  }

  @Override
  public long size(String stream) {
    return use(stream, LogStream::size);
  }

  @Override
  public void delete(String stream) {
    lock.lock();
    try {
      LogStream taken = take(stream);
      open.remove(stream);
      unsynced.remove(stream);
      taken.delete();
    } finally {
      lock.unlock();
    }
  }

  private <T> T use(String stream, Function<LogStream, T> action) {
    LogStream taken = take(stream);
    try {
      return action.apply(taken);
    } finally {
      giveBack(taken);
    }
  }

  private LogStream take(String stream) {
    Path directory = StreamPaths.directory(root, stream);
    lock.lock();
    try {
      if (closed) {
        throw EsteiraException.unavailable("the logs are closed", null);
      }
      LogStream taken = open.get(stream);
      if (taken == null) {
        closeUnused();
        taken = new LogStream(directory);
        open.put(stream, taken);
      }
      taken.users++;
      return taken;
    } finally {
      lock.unlock();
    }
  }

  private void giveBack(LogStream taken) {
    lock.lock();
    try {
      taken.users--;
    } finally {
      lock.unlock();
    }
  }

  private void closeUnused() {
    Iterator<LogStream> each = open.values().iterator();
    while (open.size() >= OPEN_STREAMS_MAX && each.hasNext()) {
      LogStream candidate = each.next();
      if (candidate.users == 0) {
        candidate.sync();
        candidate.close();
        each.remove();
      }
    }
  }

  private void syncUntilClosed() {
    try {
      for (List<String> names = nextUnsynced(); !names.isEmpty(); names = nextUnsynced()) {
        names.forEach(this::syncIfOpen);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for something to sync, then a little for more; empty when closed. */
  private List<String> nextUnsynced() throws InterruptedException {
    lock.lock();
    try {
      while (unsynced.isEmpty() && !closed) {
        changed.await();
      }
      long nanos = TimeUnit.MILLISECONDS.toNanos(SYNC_MILLIS);
      while (!closed && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      List<String> names = List.copyOf(unsynced);
      unsynced.clear();
      return names;
    } finally {
      lock.unlock();
    }
  }

  private void syncIfOpen(String stream) {
    LogStream taken;
    lock.lock();
    try {
      taken = open.get(stream);
      if (taken == null) {
        return;
      }
      taken.users++;
    } finally {
      lock.unlock();
    }
    try {
      taken.sync();
    } catch (EsteiraException e) {
      LOG.log(Level.ERROR, "could not sync the log stream " + stream, e);
    } finally {
      giveBack(taken);
    }
  }

  /** Makes everything durable and closes the files. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      changed.signalAll();
      for (LogStream stream : open.values()) {
        stream.sync();
        stream.close();
      }
      open.clear();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (true) {
      try {
        syncer.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
