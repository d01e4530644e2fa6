package dev.esteira.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Blocker;

/** Raw bytes both ways on a connection that began as HTTP/1.1. One reader, any writers. */
final class TakenOverConnection extends AbstractConnection
    implements Connection.UpgradeTo, Exchange.TakenOver {
  private static final long OPEN_MILLIS_MAX = 10_000;

  private final Set<TakenOverConnection> registry;
  private final CountDownLatch opened = new CountDownLatch(1);
  private final ReentrantLock writing = new ReentrantLock();
  private ByteBuffer early = ByteBuffer.allocate(0);

  TakenOverConnection(EndPoint endPoint, Set<TakenOverConnection> registry) {
    super(endPoint, Runnable::run);
    this.registry = registry;
  }

  @Override
  public void onUpgradeTo(ByteBuffer buffer) {
    byte[] copy = new byte[buffer.remaining()];
    buffer.get(copy);
    early = ByteBuffer.wrap(copy);
  }

  @Override
  public void onOpen() {
    super.onOpen();
    registry.add(this);
    getEndPoint().setIdleTimeout(0);
    opened.countDown();
  }

  @Override
  public void onClose(Throwable cause) {
    registry.remove(this);
    super.onClose(cause);
  }

  @Override
  public boolean onIdleExpired(TimeoutException timeout) {
    return false;
  }

  @Override
  public void onFillable() {
    // Readers wait with callbacks of their own.
  }

  void awaitOpen() throws IOException {
    try {
      if (!opened.await(OPEN_MILLIS_MAX, TimeUnit.MILLISECONDS)) {
        throw new IOException("the connection was not released within " + OPEN_MILLIS_MAX + " ms");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while taking over a connection");
    }
  }

  @Override
  public InputStream in() {
    return new In();
  }

  @Override
  public OutputStream out() {
    return new Out();
  }

  @Override
  public void closeOutput() {
    getEndPoint().shutdownOutput();
  }

  @Override
  public void close() {
    getEndPoint().close();
    registry.remove(this);
  }

  private int fill(byte[] bytes, int offset, int count) throws IOException {
    if (early.hasRemaining()) {
      int given = Math.min(count, early.remaining());
      early.get(bytes, offset, given);
      return given;
    }
    while (true) {
      ByteBuffer target = ByteBuffer.wrap(bytes, offset, count).slice();
      target.limit(0);
      int filled = getEndPoint().fill(target);
      if (filled != 0) {
        return filled;
      }
      try (Blocker.Callback readable = Blocker.callback()) {
        getEndPoint().fillInterested(readable);
        readable.block();
      }
    }
  }

  private final class In extends InputStream {
    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
      return count == 0 ? 0 : fill(bytes, offset, count);
    }

    @Override
    public void close() {
      TakenOverConnection.this.close();
    }
  }

  private final class Out extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      writing.lock();
      try (Blocker.Callback written = Blocker.callback()) {
        getEndPoint().write(written, ByteBuffer.wrap(bytes, offset, count));
        written.block();
      } finally {
        writing.unlock();
      }
    }

    @Override
    public void close() {
      closeOutput();
    }
  }
}
