package dev.esteira.runner;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Cuts the bytes of a log into lines of limited length, with secrets masked. The same bytes always
 * give the same lines, however they arrive, so a reader can go on where another one stopped: at the
 * start of any line. Memory is bounded by the length of a line.
 */
final class LogLines {
  static final int LINE_BYTES_MAX = 16 * 1024;

  private final Masker masker;
  private final Consumer<String> sink;
  private final byte[] line;
  private int length;
  private long consumed;
  private long lineStart;

  /** Goes on at byte {@code offset}, where a line begins. */
  LogLines(Masker masker, long offset, Consumer<String> sink) {
    this.masker = masker;
    this.sink = sink;
    this.line = new byte[LINE_BYTES_MAX + Math.max(masker.longest(), 1)];
    this.consumed = offset;
    this.lineStart = offset;
  }

  void write(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      byte next = bytes.get();
      consumed++;
      if (next == '\n') {
        emitAll();
        lineStart = consumed;
      } else {
        line[length++] = next;
        if (length == line.length) {
          emitPiece();
        }
      }
    }
  }

  /** Emits what is left without a line end. */
  void end() {
    if (length > 0) {
      emitAll();
      lineStart = consumed;
    }
  }

  /** Where the present line begins; all before it has been emitted. */
  long lineStart() {
    return lineStart;
  }

  /** Whether nothing of the present line has been emitted. */
  boolean atLineStart() {
    return consumed - lineStart == length;
  }

  private void emitPiece() {
    int cut = masker.cut(line, length, LINE_BYTES_MAX);
    // A character of several bytes stays whole.
    while (cut > 1 && cut < length && (line[cut] & 0xC0) == 0x80) {
      cut--;
    }
    emit(masker.mask(line, cut));
    System.arraycopy(line, cut, line, 0, length - cut);
    length -= cut;
  }

  private void emitAll() {
    while (length > LINE_BYTES_MAX) {
      emitPiece();
    }
    int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
    emit(masker.mask(line, end));
    length = 0;
  }

  private void emit(byte[] text) {
    sink.accept(new String(text, StandardCharsets.UTF_8));
  }
}
