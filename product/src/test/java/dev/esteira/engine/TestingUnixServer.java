package dev.esteira.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** A server on a unix socket that answers by script: each connection is given to a handler. */
final class TestingUnixServer implements AutoCloseable {
  /** Speaks with one client until it returns. */
  interface Handler {
    void handle(Peer peer) throws IOException;
  }

  /** One connection, in text. */
  record Peer(SocketChannel channel) {
    void write(String text) throws IOException {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }

    /** Reads up to and with this text; what there was when the client closes. */
    String readTo(String end) throws IOException {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      ByteBuffer one = ByteBuffer.allocate(1);
      while (!all.toString(StandardCharsets.ISO_8859_1).endsWith(end)) {
        one.clear();
        if (channel.read(one) < 0) {
          break;
        }
        all.write(one.get(0));
      }
      return all.toString(StandardCharsets.ISO_8859_1);
    }
  }

  final AtomicInteger connections = new AtomicInteger();
  private final ServerSocketChannel server;

  TestingUnixServer(Path socket, Handler handler) throws IOException {
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    Thread.ofVirtual().start(() -> accept(handler));
  }

  private void accept(Handler handler) {
    try {
      while (server.isOpen()) {
        SocketChannel channel = server.accept();
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(handler, channel));
      }
    } catch (IOException e) {
      // Closed by the test.
    }
  }

  private static void serve(Handler handler, SocketChannel channel) {
    try (channel) {
      handler.handle(new Peer(channel));
    } catch (IOException e) {
      // The client went away.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
