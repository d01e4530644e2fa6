package dev.esteira.runner;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Cuts the bytes of a log into lines of limited length, with secrets masked. The same bytes always
 * give the same lines, however they arrive, so a reader can go on where another one stopped: at the
 * start of any line. Memory is bounded by the length of a line.
 */
final class LogLines {
  static final int LINE_BYTES_MAX = 16 * 1024;

  private final Supplier<Masker> maskers;
  private final Consumer<String> sink;
  private Masker masker;
  private byte[] line;
  private int length;
  private long consumed;
  private long lineStart;

  /** Goes on at byte {@code offset}, where a line begins. */
  LogLines(Masker masker, long offset, Consumer<String> sink) {
    this(() -> masker, offset, sink);
  }

  /** The same with a masker that is asked for anew before each line is told. */
  LogLines(Supplier<Masker> maskers, long offset, Consumer<String> sink) {
    this.maskers = maskers;
    this.masker = maskers.get();
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
        if (length == line.length && !grown()) {
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

  /**
   * Asks for the masker of the bytes that are here, and says whether a longer secret made room for
   * more of them. What the job was told before it wrote them is known by now.
   */
  private boolean grown() {
    masker = maskers.get();
    int wanted = LINE_BYTES_MAX + Math.max(masker.longest(), 1);
    if (wanted <= line.length) {
      return false;
    }
    line = Arrays.copyOf(line, wanted);
    return true;
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
    grown();
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
