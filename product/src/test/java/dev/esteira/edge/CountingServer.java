package dev.esteira.edge;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** A web server in this process that counts its requests and answers {@code living}. */
final class CountingServer implements AutoCloseable {
  private static final byte[] BODY = "living".getBytes(StandardCharsets.UTF_8);

  private final HttpServer server;
  private final AtomicInteger handled;

  CountingServer(AtomicInteger handled) throws IOException {
    this.handled = handled;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    server.createContext("/", this::answer);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      handled.incrementAndGet();
      exchange.getRequestBody().readAllBytes();
      exchange.sendResponseHeaders(200, BODY.length);
      exchange.getResponseBody().write(BODY);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
