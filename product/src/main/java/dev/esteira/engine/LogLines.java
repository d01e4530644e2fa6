package dev.esteira.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * Makes lines of the messages of a container's log, and remembers where to go on after a break.
 *
 * <p>A message is a time stamp (RFC 3339, nine fractional digits, so that stamps order as text), a
 * blank, and a line; one without a line end is the beginning of the next of its stream.
 */
final class LogLines {
  private static final int LINE_BYTES_MAX = 1 << 20;

  private final long sinceSeconds;
  private final Engine.LogSink sink;
  private final ByteArrayOutputStream[] open = {
    new ByteArrayOutputStream(), new ByteArrayOutputStream(), new ByteArrayOutputStream()
  };
  private final String[] openStamp = {"", "", ""};
  private final String[] given = {"", "", ""};
  private final String[] skipUpTo = {"", "", ""};

  LogLines(long sinceSeconds, Engine.LogSink sink) {
    this.sinceSeconds = sinceSeconds;
    this.sink = sink;
  }

  /** The {@code since} parameter with which nothing is missed; what comes twice is skipped. */
  String since() {
    String last = given[1].compareTo(given[2]) > 0 ? given[1] : given[2];
    try {
      // Both streams are stamped by threads of their own, so one may lag behind the other.
      return last.isEmpty()
          ? Long.toString(sinceSeconds)
          : Long.toString(Math.max(sinceSeconds, Instant.parse(last).getEpochSecond() - 1));
    } catch (DateTimeException e) {
      return Long.toString(sinceSeconds);
    }
  }

  /** The connection broke: what was given already will be skipped when it comes again. */
  void resume() {
    for (int stream = 1; stream <= 2; stream++) {
      open[stream].reset();
      skipUpTo[stream] = given[stream];
    }
  }

  /** Reads the unframed output of a terminal; all of it is standard output. */
  void terminal(InputStream in) throws IOException {
    byte[] buffer = new byte[8192];
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      for (int i = 0; i < read; i++) {
        line.write(buffer[i]);
        if (buffer[i] == '\n' || line.size() >= LINE_BYTES_MAX) {
          message(1, line.toByteArray());
          line.reset();
        }
      }
    }
    message(1, line.toByteArray());
  }

  void message(int stream, byte[] bytes) {
    int blank = 0;
    while (blank < bytes.length && bytes[blank] != ' ') {
      blank++;
    }
    if (blank == bytes.length) {
      return;
    }
    String stamp = new String(bytes, 0, blank, StandardCharsets.UTF_8);
    if (stamp.compareTo(skipUpTo[stream]) <= 0) {
      return;
    }
    if (open[stream].size() == 0) {
      openStamp[stream] = stamp;
    }
    boolean whole = bytes[bytes.length - 1] == '\n';
    int end = whole ? bytes.length - 1 : bytes.length;
    open[stream].write(bytes, blank + 1, Math.max(0, end - blank - 1));
    if (whole || open[stream].size() >= LINE_BYTES_MAX) {
      give(stream);
    }
  }

  /** Gives what has no line end. */
  void flush() {
    for (int stream = 1; stream <= 2; stream++) {
      if (open[stream].size() > 0) {
        give(stream);
      }
    }
  }

  private void give(int stream) {
    byte[] text = open[stream].toByteArray();
    open[stream].reset();
    given[stream] = openStamp[stream];
    sink.line(stream, openStamp[stream], text);
  }
}
