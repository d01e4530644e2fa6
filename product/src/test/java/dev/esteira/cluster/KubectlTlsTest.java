package dev.esteira.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.esteira.access.Access;
import dev.esteira.base.Home;
import dev.esteira.http.JettyHttpServer;
import dev.esteira.names.CertificateAuthority;
import dev.esteira.store.TestingLedger;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** kubectl as people configure it: TLS, so HTTP/2, and a client certificate or a bearer token. */
@Tag("system")
class KubectlTlsTest {
  @TempDir Path directory;
  private CertificateAuthority authority;
  private JettyHttpServer server;
  private Objects objects;
  private String url;

  @BeforeEach
  void start() {
    InstantSource clock = InstantSource.system();
    authority = new CertificateAuthority(new Home(directory), List.of("127.0.0.1"), clock);
    objects = Objects.over(new TestingLedger(), clock, new TestingAddresses());
    ClusterApi api =
        new ClusterApi(
            objects,
            clock,
            exchange ->
                exchange.clientCertificates().stream()
                    .findFirst()
                    .flatMap(authority::verifyClient)
                    .or(() -> exchange.header("Authorization").filter("Bearer right"::equals))
                    .map(user -> new Access.Principal("admin", Optional.empty())),
            (request, out) -> {},
            ReadHook.none());
    server = new JettyHttpServer("cluster", api.handler());
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    int port = server.listenMutualTls(address, name -> authority.serverContext("127.0.0.1"));
    url = "https://127.0.0.1:" + port;
  }

  @AfterEach
  void stop() {
    server.close();
  }

  static List<Path> programs() throws IOException {
    List<Path> found = TestingKubectl.programs();
    return found.isEmpty() ? abort("no kubectl on this machine") : found;
  }

  private TestingKubectl kubectl(Path program, String... credentials) throws IOException {
    Path ca = Files.writeString(directory.resolve("root.pem"), authority.rootPem());
    return new TestingKubectl(
        program, url, directory, "--certificate-authority=" + ca, credentials);
  }

  @ParameterizedTest
  @MethodSource("programs")
  void aClientCertificateOpensTheApiAndAWatchGoesOn(Path program) throws Exception {
    CertificateAuthority.Issued issued = authority.issueClient("admin", "system:masters");
    Path certificate = Files.writeString(directory.resolve("client.pem"), issued.certificatePem());
    Path key = Files.writeString(directory.resolve("client.key"), issued.keyPem());
    TestingKubectl kubectl =
        kubectl(program, "--client-certificate=" + certificate, "--client-key=" + key);

    Process watching = kubectl.start("get", "configmaps", "-w", "--no-headers");
    try {
      BufferedReader out =
          new BufferedReader(
              new InputStreamReader(watching.getInputStream(), StandardCharsets.UTF_8));
      kubectl.ok("create", "configmap", "a", "--from-literal=k=v");
      assertTrue(out.readLine().startsWith("a "), "the watch tells");
    } finally {
      watching.destroy();
    }
    assertEquals("configmap \"a\" deleted\n", kubectl.ok("delete", "configmap", "a"));
  }

  @ParameterizedTest
  @MethodSource("programs")
  void aTokenIsCheckedAndAnotherRefused(Path program) throws Exception {
    assertTrue(kubectl(program, "--token=right").ok("get", "ns").contains("default"), "right");
    TestingKubectl.Result wrong = kubectl(program, "--token=wrong").run("get", "ns");

    assertEquals(1, wrong.exit());
    assertTrue(
        wrong.err().contains("You must be logged in to the server (Unauthorized)"), wrong.err());
  }
}
