package dev.esteira.observe;

import java.time.Instant;
import java.util.List;

/**
 * Log streams by name ({@code job/ID}, {@code pod/UID/CONTAINER/N}): appended in order, kept on
 * disk, followed live. A line longer than 64 KiB is kept in pieces. Thread-safe.
 */
public interface Logs {
  /** A line without its end; {@code offset} counts lines of the stream from 0. */
  record Line(long offset, Instant at, String text) {}

  /** Appends one line; durable at latest one second later, or at {@link #sync}. */
  void append(String stream, Instant at, String text);

  /** Makes what was appended durable. */
  void sync(String stream);

  /** Lines from {@code offset}, at most {@code limit}. */
  List<Line> read(String stream, long offset, int limit);

  /** Waits until the stream has a line at {@code offset}, or is ended, or the time has passed. */
  List<Line> follow(String stream, long offset, int limit, long waitMillis)
      throws InterruptedException;

  /** Marks that no more lines come. */
  void end(String stream);

  boolean ended(String stream);

  /** How many lines the stream has. */
  long size(String stream);

  void delete(String stream);
}
