package dev.esteira.observe;

import dev.esteira.base.EsteiraException;
import dev.esteira.observe.Logs.Line;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One stream: a directory of segments named by the offset of their first line, and a file {@code
 * ended} once no more lines come. Thread-safe.
 */
final class LogStream implements AutoCloseable {
  private static final int SEGMENT_BYTES = 8 << 20;
  private static final long STREAM_BYTES_MAX = 1L << 30;
  private static final String SUFFIX = ".log";
  private static final String ENDED = "ended";

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition grown = lock.newCondition();
  private final Path directory;
  private final NavigableMap<Long, Path> files = new TreeMap<>();
  private @Nullable Segment current;
  private @Nullable Segment older;
  private long olderBytes;
  private boolean ended;
  private boolean full;
  private boolean deleted;

  /** How many callers use this; guarded by the owner's lock. */
  int users;

  LogStream(Path directory) {
    this.directory = directory;
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (Stream<Path> found = Files.list(directory)) {
      for (Path file : found.toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(SUFFIX)) {
          files.put(Long.parseLong(name.substring(0, name.length() - SUFFIX.length())), file);
          olderBytes += Files.size(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not read the log directory " + directory, e);
    }
    ended = Files.exists(directory.resolve(ENDED));
    if (!files.isEmpty()) {
      Map.Entry<Long, Path> last = files.lastEntry();
      current = Segment.open(last.getValue(), last.getKey());
      olderBytes -= current.bytes();
    }
  }

  void append(Instant at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    lock.lock();
    try {
      if (ended || deleted) {
        throw EsteiraException.conflict(
            "the log stream in " + directory + " has ended and takes no more lines");
      }
      int from = 0;
      do {
        int to = pieceEnd(bytes, from);
        appendPiece(at, Arrays.copyOfRange(bytes, from, to));
        from = to;
      } while (from < bytes.length);
      grown.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Cuts between characters: bytes of the form 10xxxxxx continue one. */
  private static int pieceEnd(byte[] bytes, int from) {
    int to = Math.min(bytes.length, from + Segment.TEXT_BYTES_MAX);
    while (to < bytes.length && (bytes[to] & 0xC0) == 0x80) {
      to--;
    }
    return to;
  }

  private void appendPiece(Instant at, byte[] text) {
    if (full) {
      return;
    }
    Segment segment = writable();
    if (olderBytes + segment.bytes() > STREAM_BYTES_MAX) {
      full = true;
      String last = "[esteira] this log exceeds 1 GiB; what follows is not kept";
      segment.append(at, last.getBytes(StandardCharsets.UTF_8));
      return;
    }
    segment.append(at, text);
  }

  private Segment writable() {
    Segment segment = current;
    if (segment != null && segment.bytes() < SEGMENT_BYTES) {
      return segment;
    }
    long first = segment == null ? 0 : segment.next();
    Path path = directory.resolve(String.format(Locale.ROOT, "%015d%s", first, SUFFIX));
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("could not make the log directory " + directory, e);
    }
    if (segment != null) {
      segment.sync();
      olderBytes += segment.bytes();
      segment.close();
    }
    Segment made = Segment.open(path, first);
    files.put(first, path);
    current = made;
    return made;
  }

  List<Line> read(long offset, int limit) {
    lock.lock();
    try {
      Segment segment = current;
      if (segment == null || deleted) {
        return List.of();
      }
      if (offset >= segment.first()) {
        return segment.read(offset, limit);
      }
      List<Line> found = List.of();
      Long first = files.floorKey(Math.max(0, offset));
      for (; found.isEmpty() && first != null; first = files.higherKey(first)) {
        Segment part = first == segment.first() ? segment : older(first);
        found = part.read(offset, limit);
      }
      return found;
    } finally {
      lock.unlock();
    }
  }

  /** Keeps the older segment that was read last, because it is read on from. */
  private Segment older(long first) {
    Segment kept = older;
    if (kept != null && kept.first() == first) {
      return kept;
    }
    if (kept != null) {
      kept.close();
    }
    Segment opened = Segment.open(files.getOrDefault(first, directory), first);
    older = opened;
    return opened;
  }

  List<Line> follow(long offset, int limit, long waitMillis) throws InterruptedException {
    long nanos = TimeUnit.MILLISECONDS.toNanos(waitMillis);
    lock.lockInterruptibly();
    try {
      while (size() <= offset && !ended && !deleted && nanos > 0) {
        nanos = grown.awaitNanos(nanos);
      }
      return read(offset, limit);
    } finally {
      lock.unlock();
    }
  }

  void sync() {
    lock.lock();
    try {
      Segment segment = current;
      if (segment != null && !deleted) {
        segment.sync();
      }
    } finally {
      lock.unlock();
    }
  }

  void end() {
    lock.lock();
    try {
      if (ended || deleted) {
        return;
      }
      sync();
      Files.createDirectories(directory);
      Files.write(directory.resolve(ENDED), new byte[0]);
      ended = true;
      grown.signalAll();
    } catch (IOException e) {
      throw new UncheckedIOException("could not end the log stream in " + directory, e);
    } finally {
      lock.unlock();
    }
  }

  boolean ended() {
    lock.lock();
    try {
      return ended;
    } finally {
      lock.unlock();
    }
  }

  long size() {
    lock.lock();
    try {
      Segment segment = current;
      return segment == null || deleted ? 0 : segment.next();
    } finally {
      lock.unlock();
    }
  }

  void delete() {
    lock.lock();
    try {
      deleted = true;
      close();
      for (Path file : files.values()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(directory.resolve(ENDED));
      Files.deleteIfExists(directory);
      grown.signalAll();
    } catch (IOException e) {
      throw new UncheckedIOException("could not delete the log stream in " + directory, e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (current != null) {
        current.close();
      }
      if (older != null) {
        older.close();
        older = null;
      }
    } finally {
      lock.unlock();
    }
  }
}
