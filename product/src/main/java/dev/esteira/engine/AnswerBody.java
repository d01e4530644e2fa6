package dev.esteira.engine;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;

/**
 * The body of an answer, ended by its length, by its last chunk, or by the connection's end (RFC
 * 9112, section 6.3). A body that is cut off is an {@link EOFException}, never a quiet end.
 */
final class AnswerBody extends InputStream {
  private static final int CHUNK_LINE_BYTES_MAX = 4096;

  private enum Framing {
    LENGTH,
    CHUNKED,
    CONNECTION
  }

  private final HttpConnection connection;
  private final Framing framing;
  private long left;
  private boolean firstChunk = true;
  private boolean ended;

  private AnswerBody(HttpConnection connection, Framing framing, long left) {
    this.connection = connection;
    this.framing = framing;
    this.left = left;
    this.ended = framing == Framing.LENGTH && left == 0;
  }

  static AnswerBody of(HttpConnection connection, String method, HttpConnection.Head head)
      throws IOException {
    int status = head.status();
    if (method.equals("HEAD") || status == 204 || status == 304) {
      return new AnswerBody(connection, Framing.LENGTH, 0);
    }
    if (head.header("Transfer-Encoding").equalsIgnoreCase("chunked")) {
      return new AnswerBody(connection, Framing.CHUNKED, 0);
    }
    String length = head.header("Content-Length");
    if (length.isEmpty()) {
      return new AnswerBody(connection, Framing.CONNECTION, Long.MAX_VALUE);
    }
    try {
      return new AnswerBody(connection, Framing.LENGTH, Long.parseUnsignedLong(length));
    } catch (NumberFormatException e) {
      throw new ProtocolException("'" + length + "' is no Content-Length");
    }
  }

  /** Whether the body was read whole and the connection can carry another request. */
  boolean isWhole() {
    return ended && framing != Framing.CONNECTION;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!ended && left == 0) {
      nextChunk();
    }
    if (ended) {
      return -1;
    }
    int read = connection.in().read(target, offset, (int) Math.min(length, left));
    if (read < 0) {
      if (framing != Framing.CONNECTION) {
        throw new EOFException("the engine closed the connection within an answer's body");
      }
      ended = true;
      return -1;
    }
    left -= read;
    ended = framing == Framing.LENGTH && left == 0;
    return read;
  }

  private void nextChunk() throws IOException {
    int[] budget = {CHUNK_LINE_BYTES_MAX};
    if (!firstChunk) {
      connection.readLine(budget);
    }
    firstChunk = false;
    String line = connection.readLine(budget);
    int end = line.indexOf(';');
    try {
      left = Long.parseUnsignedLong((end < 0 ? line : line.substring(0, end)).strip(), 16);
    } catch (NumberFormatException e) {
      throw new ProtocolException("'" + line + "' is no chunk size");
    }
    if (left == 0) {
      while (!connection.readLine(budget).isEmpty()) {
        // Trailers mean nothing to us.
      }
      ended = true;
    }
  }
}
