package dev.esteira.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.EsteiraException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The server against real curl and raw sockets. */
class JettyHttpServerTest {
  @TempDir Path directory;
  @RegisterExtension final TestingServers servers = new TestingServers();

  @Test
  void answersPlainRequestsWithDecodedPathQueryAndHeaders() {
    int port =
        servers
            .server(
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
            .listen(TestingServers.ANY_PORT);

    String answer =
        TestingServers.curl(
            "-i", "-H", "X-Ask: yes", TestingServers.url(port, "//v2/a%2Fb/tags/x/y%20z?q=1+2%26"));

    assertTrue(answer.startsWith("HTTP/1.1 200 OK"), answer);
    assertTrue(answer.contains("X-Seen: yes"), answer);
    assertTrue(answer.endsWith("a/b|x/y z|1 2&|//v2/a/b/tags/x/y z|127.0.0.1"), answer);
  }

  @Test
  void answers404And405AndErrors() {
    int port =
        servers
            .server(
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
            .listen(TestingServers.ANY_PORT);

    assertTrue(
        TestingServers.curl("-i", TestingServers.url(port, "/x")).startsWith("HTTP/1.1 404"));
    assertTrue(
        TestingServers.curl("-i", TestingServers.url(port, "/nothing")).startsWith("HTTP/1.1 404"));
    assertTrue(
        TestingServers.curl("-i", TestingServers.url(port, "/empty")).startsWith("HTTP/1.1 204"));
    assertTrue(
        TestingServers.curl("-i", TestingServers.url(port, "/fail")).contains("Allow: POST"));
    assertTrue(
        TestingServers.curl("-i", TestingServers.url(port, "/boom")).startsWith("HTTP/1.1 500"));
    assertEquals(
        "{\"error\":{\"code\":\"conflict\",\"message\":\"tried it, but it was there\","
            + "\"next\":\"\"}}",
        TestingServers.curl("-d", "x", TestingServers.url(port, "/fail")));
  }

  @Test
  void answersHeadByTheRouteOfGet() {
    int port =
        servers
            .server(
                new Router()
                    .add("GET", "/known", e -> e.text(200, "hello"))
                    .add("GET", "/streamed", e -> e.out().write(new byte[100_000])))
            .listen(TestingServers.ANY_PORT);

    assertTrue(
        TestingServers.curl("-I", TestingServers.url(port, "/known"))
            .contains("Content-Length: 5"));
    assertTrue(
        TestingServers.curl("-I", TestingServers.url(port, "/streamed"))
            .startsWith("HTTP/1.1 200"));
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
    int port = servers.server(e -> e.in().transferTo(e.out())).listen(TestingServers.ANY_PORT);

    // When
    String counts =
        TestingServers.curl(
                "-o",
                "/dev/null",
                "-w",
                "%{size_upload} %{size_download} %{http_code}",
                "-T",
                file.toString(),
                "-H",
                "Transfer-Encoding: chunked",
                TestingServers.url(port, "/"))
            + " "
            + TestingServers.curl(
                "-o",
                "/dev/null",
                "-w",
                "%{size_download}",
                "-T",
                file.toString(),
                TestingServers.url(port, "/"));

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
        servers
            .server(e -> {
              if (e.path().equals("/refuse")) {
                e.text(401, "no\n");
              } else {
                e.text(200, e.in().transferTo(OutputStream.nullOutputStream()) + " bytes\n");
              }
            })
            .listen(TestingServers.ANY_PORT);

    String taken =
        TestingServers.curl(
            "-v",
            "-H",
            "Expect: 100-continue",
            "-T",
            file.toString(),
            TestingServers.url(port, "/take"));
    String refused =
        TestingServers.curl(
            "-v",
            "-H",
            "Expect: 100-continue",
            "-T",
            file.toString(),
            TestingServers.url(port, "/refuse"));

    assertTrue(taken.contains("100 Continue") && taken.contains("3145728 bytes"), taken);
    assertTrue(refused.contains("401") && !refused.contains("100 Continue"), refused);
  }

  @Test
  void answersARefusedUploadWithoutAReset() throws Exception {
    Path file = directory.resolve("body");
    Files.write(file, new byte[20 << 20]);
    int port = servers.server(e -> e.text(413, "too large\n")).listen(TestingServers.ANY_PORT);

    String answer =
        TestingServers.curl(
            "-i", "-H", "Expect:", "--data-binary", "@" + file, TestingServers.url(port, "/"));

    assertTrue(answer.contains("413") && answer.endsWith("too large\n"), answer);
  }

  @Test
  void speaksHttp2AndHttp1OverTlsWithTheCertificateOfTheName() throws Exception {
    // Given
    TestingTls tls = new TestingTls(directory);
    JettyHttpServer server = servers.server(e -> e.text(200, e.host() + " " + e.secure()));
    int port =
        server.listenTls(
            TestingServers.ANY_PORT, name -> tls.context(name.isEmpty() ? "none" : name));

    // When
    String two = tls.curl(port, "one.example.com", "--http2", "-v");
    String one = tls.curl(port, "two.example.com", "--http1.1", "-v");
    String bare = TestingServers.curl("-kv", "https://127.0.0.1:" + port + "/");

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
        servers.server(e ->
            e.text(
                200,
                e.clientCertificates().stream()
                    .findFirst()
                    .map(c -> c.getSubjectX500Principal().getName())
                    .orElse("nobody")));
    int port = server.listenMutualTls(TestingServers.ANY_PORT, tls::context);
    Path pem = tls.pem("alice");

    String alice = tls.curl(port, "one.example.com", "--cert", pem.toString());
    String nobody = tls.curl(port, "one.example.com");

    assertEquals("CN=alice", alice);
    assertEquals("nobody", nobody);
  }

  @Test
  void listensOnUnixSocketsAndLeavesThem() {
    Path socket = directory.resolve("s.sock");
    JettyHttpServer server =
        servers.server(e -> e.text(200, e.remote().isEmpty() + " " + e.host()));
    server.listenUnix(socket);

    String answer =
        TestingServers.curl(
            "--unix-socket", socket.toString(), "-H", "Host: %2Frun%2Fs.sock", "http://x/");
    server.unlistenUnix(socket);

    assertEquals("true %2Frun%2Fs.sock", answer);
    assertTrue(Files.notExists(socket));
    server.listenUnix(socket);
    assertEquals(
        "true docker", TestingServers.curl("--unix-socket", socket.toString(), "http://docker/"));
  }

  @Test
  void keepsSilentStreamsOpenLongerThanTheIdleLimit() throws Exception {
    TestingTls tls = new TestingTls(directory);
    JettyHttpServer server =
        servers.server(
            e -> {
              e.out().write("first ".getBytes(StandardCharsets.UTF_8));
              e.out().flush();
              new CountDownLatch(1).await(1_200, TimeUnit.MILLISECONDS);
              e.out().write("last".getBytes(StandardCharsets.UTF_8));
            },
            new Limits(300, 400));
    int port = server.listen(TestingServers.ANY_PORT);
    int secure = server.listenTls(TestingServers.ANY_PORT, tls::context);

    assertEquals("first last", TestingServers.curl(TestingServers.url(port, "/")));
    assertEquals("first last", tls.curl(secure, "a.example.com", "--http2"));
  }
}
