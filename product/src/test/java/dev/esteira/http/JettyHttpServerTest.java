package dev.esteira.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.Commands;
import dev.esteira.base.EsteiraException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server against real curl and raw sockets. */
class JettyHttpServerTest {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @TempDir Path directory;
  private final List<JettyHttpServer> servers = new ArrayList<>();

  @AfterEach
  void close() {
    servers.forEach(JettyHttpServer::close);
  }

  private JettyHttpServer server(Handler handler) {
    return server(handler, Limits.DEFAULT);
  }

  private JettyHttpServer server(Handler handler, Limits limits) {
    JettyHttpServer server = new JettyHttpServer("test", handler, limits);
    servers.add(server);
    return server;
  }

  private static String curl(String... arguments) {
    List<String> command = new ArrayList<>(List.of("curl", "-sS", "--noproxy", "*"));
    command.addAll(List.of(arguments));
    return Commands.run(Duration.ofSeconds(60), "", command).output();
  }

  private static String url(int port, String path) {
    return "http://127.0.0.1:" + port + path;
  }

  @Test
  void answersPlainRequestsWithDecodedPathQueryAndHeaders() {
    int port =
        server(
                new Router()
                    .add(
                        "GET",
                        "/v2/{name}/tags/{rest*}",
                        e -> {
                          e.set("X-Seen", e.header("x-ask").orElse("none"));
                          e.text(
                              200,
                              e.pathParameter("name")
                                  + "|"
                                  + e.pathParameter("rest")
                                  + "|"
                                  + e.query("q").orElse("")
                                  + "|"
                                  + e.path()
                                  + "|"
                                  + e.remote().orElseThrow().getAddress().getHostAddress());
                        }))
            .listen(ANY_PORT);

    String answer = curl("-i", "-H", "X-Ask: yes", url(port, "//v2/a%2Fb/tags/x/y%20z?q=1+2%26"));

    assertTrue(answer.startsWith("HTTP/1.1 200 OK"), answer);
    assertTrue(answer.contains("X-Seen: yes"), answer);
    assertTrue(answer.endsWith("a/b|x/y z|1 2&|//v2/a/b/tags/x/y z|127.0.0.1"), answer);
  }

  @Test
  void answers404And405AndErrors() {
    int port =
        server(
                new Router()
                    .add(
                        "POST",
                        "/fail",
                        e -> {
                          throw EsteiraException.conflict("tried it, but it was there");
                        })
                    .add(
                        "GET",
                        "/boom",
                        e -> {
                          throw new IllegalStateException("boom");
                        })
                    .add("GET", "/nothing", e -> {})
                    .add("GET", "/empty", e -> e.status(204)))
            .listen(ANY_PORT);

    assertTrue(curl("-i", url(port, "/x")).startsWith("HTTP/1.1 404"));
    assertTrue(curl("-i", url(port, "/nothing")).startsWith("HTTP/1.1 404"));
    assertTrue(curl("-i", url(port, "/empty")).startsWith("HTTP/1.1 204"));
    assertTrue(curl("-i", url(port, "/fail")).contains("Allow: POST"));
    assertTrue(curl("-i", url(port, "/boom")).startsWith("HTTP/1.1 500"));
    assertEquals(
        "{\"error\":{\"code\":\"conflict\",\"message\":\"tried it, but it was there\","
            + "\"next\":\"\"}}",
        curl("-d", "x", url(port, "/fail")));
  }

  @Test
  void answersHeadByTheRouteOfGet() {
    int port =
        server(
                new Router()
                    .add("GET", "/known", e -> e.text(200, "hello"))
                    .add("GET", "/streamed", e -> e.out().write(new byte[100_000])))
            .listen(ANY_PORT);

    assertTrue(curl("-I", url(port, "/known")).contains("Content-Length: 5"));
    assertTrue(curl("-I", url(port, "/streamed")).startsWith("HTTP/1.1 200"));
  }

  @Test
  void streamsLargeBodiesBothWays() throws Exception {
    // Given
    Path file = directory.resolve("large");
    byte[] block = new byte[1 << 20];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int i = 0; i < 64; i++) {
        out.write(block);
      }
    }
    int port = server(e -> e.in().transferTo(e.out())).listen(ANY_PORT);

    // When
    String counts =
        curl(
                "-o",
                "/dev/null",
                "-w",
                "%{size_upload} %{size_download} %{http_code}",
                "-T",
                file.toString(),
                "-H",
                "Transfer-Encoding: chunked",
                url(port, "/"))
            + " "
            + curl(
                "-o", "/dev/null", "-w", "%{size_download}", "-T", file.toString(), url(port, "/"));

    // Then
    long size = 64L << 20;
    assertTrue(
        counts.startsWith(size + " " + size + " 200") || counts.contains(" " + size), counts);
    assertTrue(counts.endsWith(" " + size), counts);
  }

  @Test
  void sendsContinueWhenTheBodyIsReadAndNotWhenItIsRefused() throws Exception {
    Path file = directory.resolve("body");
    Files.write(file, new byte[3 << 20]);
    int port =
        server(
                e -> {
                  if (e.path().equals("/refuse")) {
                    e.text(401, "no\n");
                  } else {
                    e.text(200, e.in().transferTo(OutputStream.nullOutputStream()) + " bytes\n");
                  }
                })
            .listen(ANY_PORT);

    String taken =
        curl("-v", "-H", "Expect: 100-continue", "-T", file.toString(), url(port, "/take"));
    String refused =
        curl("-v", "-H", "Expect: 100-continue", "-T", file.toString(), url(port, "/refuse"));

    assertTrue(taken.contains("100 Continue") && taken.contains("3145728 bytes"), taken);
    assertTrue(refused.contains("401") && !refused.contains("100 Continue"), refused);
  }

  @Test
  void answersARefusedUploadWithoutAReset() throws Exception {
    Path file = directory.resolve("body");
    Files.write(file, new byte[20 << 20]);
    int port = server(e -> e.text(413, "too large\n")).listen(ANY_PORT);

    String answer = curl("-i", "-H", "Expect:", "--data-binary", "@" + file, url(port, "/"));

    assertTrue(answer.contains("413") && answer.endsWith("too large\n"), answer);
  }

  @Test
  void speaksHttp2AndHttp1OverTlsWithTheCertificateOfTheName() throws Exception {
    // Given
    TestingTls tls = new TestingTls(directory);
    JettyHttpServer server = server(e -> e.text(200, e.host() + " " + e.secure()));
    int port = server.listenTls(ANY_PORT, name -> tls.context(name.isEmpty() ? "none" : name));

    // When
    String two = tls.curl(port, "one.example.com", "--http2", "-v");
    String one = tls.curl(port, "two.example.com", "--http1.1", "-v");
    String bare = curl("-kv", "https://127.0.0.1:" + port + "/");

    // Then
    assertTrue(two.contains("CN=one.example.com") && two.contains("HTTP/2 200"), two);
    assertTrue(two.endsWith("one.example.com:" + port + " true"), two);
    assertTrue(one.contains("CN=two.example.com") && one.contains("HTTP/1.1 200"), one);
    assertTrue(bare.contains("CN=none"), bare);
  }

  @Test
  void knowsTheCertificateOfAClient() throws Exception {
    TestingTls tls = new TestingTls(directory);
    JettyHttpServer server =
        server(e ->
            e.text(
                200,
                e.clientCertificates().stream()
                    .findFirst()
                    .map(c -> c.getSubjectX500Principal().getName())
                    .orElse("nobody")));
    int port = server.listenMutualTls(ANY_PORT, tls::context);
    Path pem = tls.pem("alice");

    String alice = tls.curl(port, "one.example.com", "--cert", pem.toString());
    String nobody = tls.curl(port, "one.example.com");

    assertEquals("CN=alice", alice);
    assertEquals("nobody", nobody);
  }

  @Test
  void listensOnUnixSocketsAndLeavesThem() {
    Path socket = directory.resolve("s.sock");
    JettyHttpServer server = server(e -> e.text(200, e.remote().isEmpty() + " " + e.host()));
    server.listenUnix(socket);

    String answer =
        curl("--unix-socket", socket.toString(), "-H", "Host: %2Frun%2Fs.sock", "http://x/");
    server.unlistenUnix(socket);

    assertEquals("true %2Frun%2Fs.sock", answer);
    assertTrue(Files.notExists(socket));
    server.listenUnix(socket);
    assertEquals("true docker", curl("--unix-socket", socket.toString(), "http://docker/"));
  }

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
    int port = server(echo, new Limits(300, 300)).listen(ANY_PORT);

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
        server(e -> {
          try (Exchange.TakenOver raw = e.takeOver(101)) {
            taken.countDown();
            raw.in().read();
          } catch (IOException closed) {
            // What close() does to a reader.
          } finally {
            ended.countDown();
          }
        });
    int port = server.listen(ANY_PORT);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket
          .getOutputStream()
          .write("POST / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      assertTrue(taken.await(10, TimeUnit.SECONDS));

      server.close();

      assertTrue(ended.await(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void keepsSilentStreamsOpenLongerThanTheIdleLimit() throws Exception {
    TestingTls tls = new TestingTls(directory);
    JettyHttpServer server =
        server(
            e -> {
              e.out().write("first ".getBytes(StandardCharsets.UTF_8));
              e.out().flush();
              new CountDownLatch(1).await(1_200, TimeUnit.MILLISECONDS);
              e.out().write("last".getBytes(StandardCharsets.UTF_8));
            },
            new Limits(300, 400));
    int port = server.listen(ANY_PORT);
    int secure = server.listenTls(ANY_PORT, tls::context);

    assertEquals("first last", curl(url(port, "/")));
    assertEquals("first last", tls.curl(secure, "a.example.com", "--http2"));
  }
}
