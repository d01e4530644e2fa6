package dev.esteira.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class HttpClientTest {
  @TempDir Path directory;

  @Test
  void chunksAreJoinedAndTheConnectionIsUsedAgain() throws Exception {
    try (TestingUnixServer server = server(HttpClientTest::chunked);
        HttpClient client = new HttpClient(socket(), 0)) {
      for (int i = 0; i < 3; i++) {
        try (Engine.Answer answer = client.send("GET", "/x", List.of(), none())) {
          assertEquals("hello world", text(answer.in()));
        }
      }
      assertEquals(1, server.connections.get());
    }
  }

  @Test
  void aPooledConnectionThatTheEngineClosedIsReplaced() throws Exception {
    TestingUnixServer.Handler once =
        peer -> {
          peer.readTo("\r\n\r\n");
          peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        };
    try (TestingUnixServer server = server(once);
        HttpClient client = new HttpClient(socket(), 0)) {
      for (int i = 0; i < 3; i++) {
        try (Engine.Answer answer = client.send("GET", "/x", List.of(), none())) {
          assertEquals("ok", text(answer.in()));
        }
      }
      assertEquals(3, server.connections.get());
    }
  }

  @Test
  void aBodyWithoutLengthGoesInChunks() throws Exception {
    LinkedBlockingQueue<String> seen = new LinkedBlockingQueue<>();
    TestingUnixServer.Handler echo =
        peer -> {
          String head = peer.readTo("\r\n\r\n");
          seen.add(head);
          seen.add(peer.readTo("0\r\n\r\n"));
          peer.write("HTTP/1.1 204 No Content\r\n\r\n");
        };
    try (TestingUnixServer server = server(echo);
        HttpClient client = new HttpClient(socket(), 0);
        Engine.Answer answer =
            client.send("POST", "/x", List.of(Map.entry("Host", "evil")), bytes("abc"))) {
      assertEquals(204, answer.status());
      String head = seen.take();
      assertTrue(head.contains("Transfer-Encoding: chunked\r\n"), head);
      assertTrue(head.contains("Host: engine\r\n") && !head.contains("evil"), head);
      assertEquals("3\r\nabc\r\n0\r\n\r\n", seen.take());
      assertEquals(1, server.connections.get());
    }
  }

  @Test
  void anEarlyAnswerIsReadThoughTheBodyWasNotTaken() throws Exception {
    TestingUnixServer.Handler refuse =
        peer -> {
          peer.readTo("\r\n\r\n");
          peer.write("HTTP/1.1 400 Bad\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno");
          peer.channel().shutdownInput();
          peer.readTo("never");
        };
    try (TestingUnixServer server = server(refuse);
        HttpClient client = new HttpClient(socket(), 0);
        Engine.Answer answer =
            client.send("POST", "/x", List.of(), new ByteArrayInputStream(new byte[8 << 20]))) {
      assertEquals(400, answer.status());
      assertEquals("no", text(answer.in()));
      assertEquals(1, server.connections.get());
    }
  }

  @Test
  void aBodyThatIsCutOffIsAnErrorAndNoQuietEnd() throws Exception {
    TestingUnixServer.Handler cut =
        peer -> {
          peer.readTo("\r\n\r\n");
          peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe");
        };
    try (TestingUnixServer server = server(cut);
        HttpClient client = new HttpClient(socket(), 0);
        Engine.Answer answer = client.send("GET", "/x", List.of(), none())) {
      assertThrows(IOException.class, () -> text(answer.in()));
      assertEquals(1, server.connections.get());
    }
  }

  @Test
  void closingWakesABlockedReader() throws Exception {
    TestingUnixServer.Handler silent =
        peer -> {
          peer.readTo("\r\n\r\n");
          peer.write("HTTP/1.1 200 OK\r\n\r\n");
          peer.readTo("never");
        };
    try (TestingUnixServer server = server(silent);
        HttpClient client = new HttpClient(socket(), 0)) {
      Engine.Answer answer = client.send("GET", "/events", List.of(), none());
      CountDownLatch woken = new CountDownLatch(1);
      Thread.ofVirtual()
          .start(() -> {
            try {
              answer.in().read();
            } catch (IOException e) {
              woken.countDown();
            }
          });
      answer.close();
      assertTrue(woken.await(120, TimeUnit.SECONDS));
      assertEquals(1, server.connections.get());
    }
  }

  @Test
  void aConnectionIsTakenOverWithWhatCameBehindTheHead() throws Exception {
    TestingUnixServer.Handler upgrade =
        peer -> {
          String head = peer.readTo("\r\n\r\n");
          assertTrue(head.contains("Upgrade: tcp\r\nConnection: Upgrade\r\n"), head);
          peer.readTo("{}");
          peer.write("HTTP/1.1 101 UPGRADED\r\nUpgrade: tcp\r\n\r\nfirst ");
          peer.write(peer.readTo("!"));
        };
    try (TestingUnixServer server = server(upgrade);
        HttpClient client = new HttpClient(socket(), 0);
        Engine.Hijacked taken =
            client.hijack(
                "POST", "/exec/1/start", List.of(), "{}".getBytes(StandardCharsets.UTF_8))) {
      assertEquals(101, taken.status());
      taken.out().write("echo!".getBytes(StandardCharsets.UTF_8));
      taken.closeOutput();
      assertEquals("first echo!", text(taken.in()));
      assertEquals(1, server.connections.get());
    }
  }

  @Test
  void noEngineIsSaidWithItsSocket() {
    try (HttpClient client = new HttpClient(socket(), 0)) {
      EsteiraException e =
          assertThrows(EsteiraException.class, () -> client.send("GET", "/x", List.of(), none()));
      assertEquals(ErrorCode.UNAVAILABLE, e.code());
      assertTrue(e.text().contains(socket().toString()), e.text());
    }
  }

  private static void chunked(TestingUnixServer.Peer peer) throws IOException {
    while (!peer.readTo("\r\n\r\n").isEmpty()) {
      peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      peer.write("5\r\nhello\r\n6;ext=1\r\n world\r\n0\r\nTrailer: x\r\n\r\n");
    }
  }

  private TestingUnixServer server(TestingUnixServer.Handler handler) throws IOException {
    return new TestingUnixServer(socket(), handler);
  }

  private Path socket() {
    return directory.resolve("s");
  }

  private static InputStream none() {
    return InputStream.nullInputStream();
  }

  private static InputStream bytes(String text) {
    // Of unknown length to the client, which looks at headers only.
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }
}
