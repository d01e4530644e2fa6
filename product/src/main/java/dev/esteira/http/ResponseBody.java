package dev.esteira.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Blocker;

/**
 * The body of an answer: small writes are gathered, large ones go out as they are, and an answer
 * that fits the buffer leaves with its length in one packet.
 */
final class ResponseBody extends OutputStream {
  private static final int BUFFER_BYTES = 16 << 10;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();
  private static final byte[] EMPTY = {};

  private final ReentrantLock lock = new ReentrantLock();
  private final Response response;
  private final boolean drop;
  private byte[] buffer = EMPTY;
  private int length;
  private boolean closed;

  /** {@code drop}: the request was a HEAD, whose answer has headers alone. */
  ResponseBody(Response response, boolean drop) {
    this.response = response;
    this.drop = drop;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    lock.lock();
    try {
      if (closed) {
        throw new IOException("the answer has been sent already");
      }
      if (drop) {
        return;
      }
      if (count > BUFFER_BYTES - length) {
        send(false);
      }
      if (count >= BUFFER_BYTES) {
        send(false, ByteBuffer.wrap(bytes, offset, count));
        return;
      }
      reserve(length + count);
      System.arraycopy(bytes, offset, buffer, length, count);
      length += count;
    } finally {
      lock.unlock();
    }
  }

  private void reserve(int size) {
    if (size > buffer.length) {
      byte[] larger = new byte[Math.min(BUFFER_BYTES, Math.max(1_024, size * 2))];
      System.arraycopy(buffer, 0, larger, 0, length);
      buffer = larger;
    }
  }

  /** Sends what is there, the head at least. */
  @Override
  public void flush() throws IOException {
    lock.lock();
    try {
      if (!closed && (length > 0 || !response.isCommitted())) {
        send(false);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        send(true);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Forgets what has not been sent. */
  void discard() {
    length = 0;
  }

  private void send(boolean last) throws IOException {
    int count = length;
    length = 0;
    if (last || count > 0 || !response.isCommitted()) {
      send(last, count == 0 ? NOTHING.slice() : ByteBuffer.wrap(buffer, 0, count));
    }
  }

  private void send(boolean last, ByteBuffer bytes) throws IOException {
    try (Blocker.Callback callback = Blocker.callback()) {
      response.write(last, bytes, callback);
      callback.block();
    }
  }
}
