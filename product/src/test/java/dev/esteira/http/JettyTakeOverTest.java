package dev.esteira.http;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Connections that began as HTTP and are taken over, as Docker's attach and exec do. */
class JettyTakeOverTest {
  @RegisterExtension final TestingServers servers = new TestingServers();

  @Test
  void takesOverAPostWithABody() throws Exception {
    // Given a Docker-like hijack that echoes in upper case
    Handler echo =
        e -> {
          String body = new String(e.body(1_000), StandardCharsets.UTF_8);
          boolean upgrade = e.header("Upgrade").isPresent();
          e.set("Content-Type", "application/vnd.docker.raw-stream");
          if (upgrade) {
            e.set("Connection", "Upgrade").set("Upgrade", "tcp");
          }
          try (Exchange.TakenOver raw = e.takeOver(upgrade ? 101 : 200)) {
            raw.out().write((body + ":").getBytes(StandardCharsets.UTF_8));
            byte[] all = raw.in().readAllBytes();
            raw.out()
                .write(
                    new String(all, StandardCharsets.UTF_8)
                        .toUpperCase(Locale.ROOT)
                        .getBytes(StandardCharsets.UTF_8));
          }
        };
    int port = servers.server(echo, new Limits(300, 300)).listen(TestingServers.ANY_PORT);

    // When, Then
    String upgraded = hijack(port, "Connection: Upgrade\r\nUpgrade: tcp\r\n");
    assertTrue(upgraded.startsWith("HTTP/1.1 101 "), upgraded);
    assertTrue(upgraded.contains("Upgrade: tcp\r\n"), upgraded);
    assertTrue(upgraded.endsWith("\r\n\r\n{\"a\":1}:EARLYLATE"), upgraded);
    String plain = hijack(port, "");
    assertTrue(plain.startsWith("HTTP/1.1 200 OK"), plain);
    assertTrue(plain.contains("\r\n\r\n{\"a\":1}:EARLYLATE"), plain);
  }

  /** Sends the head, the body and the first raw bytes at once, and the rest after a silence. */
  private static String hijack(int port, String headers) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket
          .getOutputStream()
          .write(
              ("POST /exec/1/start HTTP/1.1\r\nHost: docker\r\n"
                      + headers
                      + "Content-Type: application/json\r\nContent-Length: 7\r\n\r\n"
                      + "{\"a\":1}early")
                  .getBytes(StandardCharsets.UTF_8));
      InputStream in = socket.getInputStream();
      StringBuilder got = new StringBuilder();
      while (got.indexOf("}:") < 0) {
        got.append((char) in.read());
      }
      // Longer than the idle limit of this test's server, which must not hold any more.
      new CountDownLatch(1).await(800, TimeUnit.MILLISECONDS);
      socket.getOutputStream().write("late".getBytes(StandardCharsets.UTF_8));
      socket.shutdownOutput();
      return got + new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void closesTakenOverConnections() throws Exception {
    CountDownLatch taken = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    JettyHttpServer server =
        servers.server(e -> {
          try (Exchange.TakenOver raw = e.takeOver(101)) {
            taken.countDown();
            raw.in().read();
          } catch (IOException closed) {
            // What close() does to a reader.
          } finally {
            ended.countDown();
          }
        });
    int port = server.listen(TestingServers.ANY_PORT);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket
          .getOutputStream()
          .write("POST / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      assertTrue(taken.await(120, TimeUnit.SECONDS));

      server.close();

      assertTrue(ended.await(120, TimeUnit.SECONDS));
    }
  }
}
