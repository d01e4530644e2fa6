package dev.esteira.cluster;

import dev.esteira.access.Access;
import dev.esteira.http.Exchange;
import dev.esteira.http.JettyHttpServer;
import dev.esteira.store.Ledger;
import dev.esteira.store.TestingLedger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;

/** An API server on a loopback port, without controllers. */
final class TestingCluster implements AutoCloseable {
  final TestingAddresses addresses = new TestingAddresses();
  final Objects objects;
  private final JettyHttpServer server;
  private final int port;

  TestingCluster() {
    this(ReadHook.none());
  }

  TestingCluster(ReadHook hook) {
    this(new TestingLedger(), hook);
  }

  TestingCluster(Ledger ledger, ReadHook hook) {
    this.objects = Objects.over(ledger, InstantSource.system(), addresses);
    ClusterApi api =
        new ClusterApi(
            objects,
            InstantSource.system(),
            TestingCluster::principal,
            (request, out) ->
                out.write(
                    ("log of " + request.pod() + "/" + request.container() + "\n")
                        .getBytes(StandardCharsets.UTF_8)),
            hook);
    this.server = new JettyHttpServer("cluster", api.handler());
    this.port = server.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  /** The administrator, or who a header says. */
  private static Optional<Access.Principal> principal(Exchange exchange) {
    String name = exchange.header("X-Testing-Principal").orElse("admin");
    return name.equals("none")
        ? Optional.empty()
        : Optional.of(new Access.Principal(name, Optional.empty()));
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  /** Serves until the process is ended; for trying kubectl by hand. */
  public static void main(String[] args) throws InterruptedException {
    try (TestingCluster cluster = new TestingCluster()) {
      System.out.println(cluster.url());
      Thread.currentThread().join();
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
