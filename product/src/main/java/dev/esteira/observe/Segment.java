package dev.esteira.observe;

import dev.esteira.base.EsteiraException;
import dev.esteira.observe.Logs.Line;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/**
 * One file of a stream. Its index is made when it is opened, by reading it once, so that there is
 * no second file that could disagree; what a crash has torn off at the end is cut then.
 *
 * <pre>
 * record: length of the text (4 bytes), CRC-32 of time and text (4), nanoseconds since 1970 (8),
 *         text in UTF-8
 * </pre>
 *
 * <p>Not thread-safe. A {@code RandomAccessFile} and no channel, because an interrupted thread
 * would close a channel for everybody.
 */
final class Segment implements AutoCloseable {
  static final int TEXT_BYTES_MAX = 64 << 10;
  private static final int HEAD_BYTES = 16;
  private static final int STRIDE_LINES = 64;
  private static final int READ_BYTES_MAX = 1 << 20;
  private static final long NANOS = 1_000_000_000;

  private final Path path;
  private final long first;
  private final RandomAccessFile file;
  private int[] marks = new int[16];
  private int lines;
  private int end;

  private Segment(Path path, long first, RandomAccessFile file) {
    this.path = path;
    this.first = first;
    this.file = file;
  }

  /** Opens or makes the file whose first line has this offset. */
  static Segment open(Path path, long first) {
    try {
      Segment segment = new Segment(path, first, new RandomAccessFile(path.toFile(), "rw"));
      segment.scan();
      return segment;
    } catch (IOException e) {
      throw new UncheckedIOException("could not open the log file " + path, e);
    }
  }

  private void scan() throws IOException {
    long length = file.length();
    byte[] all = new byte[(int) Math.min(length, Integer.MAX_VALUE - 8)];
    file.seek(0);
    file.readFully(all);
    ByteBuffer buffer = ByteBuffer.wrap(all);
    while (nextIsWhole(buffer, true)) {
      int text = buffer.getInt();
      buffer.position(buffer.position() + HEAD_BYTES - 4 + text);
      count(text);
    }
    if (length > end) {
      file.setLength(end);
    }
  }

  long first() {
    return first;
  }

  /** The offset of the line after the last. */
  long next() {
    return first + lines;
  }

  int bytes() {
    return end;
  }

  void append(Instant at, byte[] text) {
    ByteBuffer entry = ByteBuffer.allocate(HEAD_BYTES + text.length);
    long nanos = Math.addExact(Math.multiplyExact(at.getEpochSecond(), NANOS), at.getNano());
    entry.putInt(text.length).putInt(0).putLong(nanos).put(text);
    entry.putInt(4, crc(entry.slice(8, 8 + text.length)));
    try {
      file.seek(end);
      file.write(entry.array());
    } catch (IOException e) {
      cutHalfWritten();
      throw EsteiraException.unavailable(
          "could not append to the log file " + path + ": " + e.getMessage(), e);
    }
    count(text.length);
  }

  private void cutHalfWritten() {
    try {
      file.setLength(end);
    } catch (IOException e) {
      // The next append writes over it, and the next opening would cut it.
    }
  }

  /** Lines from this offset on, as many as fit the limit and the bound of one read. */
  List<Line> read(long offset, int limit) {
    List<Line> found = new ArrayList<>();
    int line = (int) Math.max(0, offset - first);
    if (line >= lines || limit <= 0) {
      return found;
    }
    int start = marks[line / STRIDE_LINES];
    line -= line % STRIDE_LINES;
    ByteBuffer buffer = bytes(start, offset - first - line);
    for (; found.size() < limit && nextIsWhole(buffer, false); line++) {
      byte[] text = new byte[buffer.getInt()];
      buffer.getInt();
      long nanos = buffer.getLong();
      buffer.get(text);
      if (first + line >= offset) {
        Instant at = Instant.ofEpochSecond(nanos / NANOS, nanos % NANOS);
        found.add(new Line(first + line, at, new String(text, StandardCharsets.UTF_8)));
      }
    }
    return found;
  }

  /**
   * Enough for the lines to skip and for one read; a record is never longer than TEXT_BYTES_MAX.
   */
  private ByteBuffer bytes(int start, long skip) {
    long wanted = READ_BYTES_MAX + skip * (HEAD_BYTES + TEXT_BYTES_MAX);
    byte[] bytes = new byte[(int) Math.min(wanted, end - start)];
    try {
      file.seek(start);
      file.readFully(bytes);
      return ByteBuffer.wrap(bytes);
    } catch (IOException e) {
      throw EsteiraException.unavailable("could not read the log file " + path, e);
    }
  }

  private static boolean nextIsWhole(ByteBuffer buffer, boolean verify) {
    if (buffer.remaining() < HEAD_BYTES) {
      return false;
    }
    int at = buffer.position();
    int text = buffer.getInt(at);
    if (text < 0 || text > TEXT_BYTES_MAX || text > buffer.remaining() - HEAD_BYTES) {
      return false;
    }
    return !verify || crc(buffer.slice(at + 8, 8 + text)) == buffer.getInt(at + 4);
  }

  private static int crc(ByteBuffer bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  private void count(int textBytes) {
    if (lines % STRIDE_LINES == 0) {
      int mark = lines / STRIDE_LINES;
      if (mark == marks.length) {
        marks = Arrays.copyOf(marks, mark * 2);
      }
      marks[mark] = end;
    }
    lines++;
    end += HEAD_BYTES + textBytes;
  }

  void sync() {
    try {
      file.getFD().sync();
    } catch (IOException e) {
      throw EsteiraException.unavailable("could not make the log file " + path + " durable", e);
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException("could not close the log file " + path, e);
    }
  }
}
