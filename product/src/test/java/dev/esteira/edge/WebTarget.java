package dev.esteira.edge;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** A target that answers its name; its health can be set. */
public final class WebTarget implements AutoCloseable {
  private final HttpServer server;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile int health = 200;
  private volatile boolean silent;
  private volatile Map<String, String> last = Map.of();

  public WebTarget(String name) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          boolean check = exchange.getRequestURI().getPath().equals("/health");
          if (check && silent) {
            await();
          }
          Map<String, String> seen = new ConcurrentHashMap<>();
          exchange
              .getRequestHeaders()
              .forEach((key, values) ->
                  seen.put(key.toLowerCase(Locale.ROOT), String.join(",", values)));
          seen.put("from", exchange.getRemoteAddress().getAddress().getHostAddress());
          if (!check) {
            last = seen;
          }
          byte[] body = name.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(check ? health : 200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  private void await() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public void health(int status) {
    health = status;
  }

  public void silent(boolean next) {
    silent = next;
  }

  /**
   * The headers of the last request, checks aside, by their names in lower case, and where it came
   * from.
   */
  public Map<String, String> last() {
    return last;
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
  }
}
