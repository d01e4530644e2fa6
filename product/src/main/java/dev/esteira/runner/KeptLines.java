package dev.esteira.runner;

import dev.esteira.observe.Logs;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The lines that a log stream has had since a recorded moment: those that an earlier reader wrote
 * after it, and among them notices of others, which are not in the log. A line that cannot be found
 * is taken as new: rather twice than not at all.
 */
final class KeptLines {
  private static final int CHUNK_LINES = 500;

  private final Logs logs;
  private final String stream;
  private final long end;
  private final Queue<String> chunk = new ArrayDeque<>();
  private long next;

  KeptLines(Logs logs, String stream, long from) {
    this.logs = logs;
    this.stream = stream;
    this.next = from;
    this.end = logs.size(stream);
  }

  /** Whether the stream has this line, which follows those asked for before. */
  boolean has(String line) {
    while (!chunk.isEmpty() || next < end) {
      if (chunk.isEmpty()) {
        read();
      }
      if (line.equals(chunk.poll())) {
        return true;
      }
    }
    return false;
  }

  private void read() {
    int limit = (int) Math.min(CHUNK_LINES, end - next);
    for (Logs.Line line : logs.read(stream, next, limit)) {
      chunk.add(line.text());
      next = line.offset() + 1;
    }
    if (chunk.isEmpty()) {
      next = end;
    }
  }
}
