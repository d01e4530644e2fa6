package dev.esteira.app;

import dev.esteira.access.LedgerAccess;
import dev.esteira.base.Home;
import dev.esteira.http.JettyHttpServer;
import dev.esteira.http.Router;
import dev.esteira.names.CertificateAuthority;
import dev.esteira.store.SqliteLedger;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Walks through what every start loads, so that the cache of classes holds it. */
final class Training {
  private Training() {}

  static void run() {
    try {
      Path directory = Files.createTempDirectory("esteira-training");
      try {
        walk(new Home(directory));
      } finally {
        delete(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void walk(Home home) throws IOException {
    InstantSource clock = InstantSource.system();
    try (SqliteLedger ledger = SqliteLedger.open(home.ledger())) {
      LedgerAccess access = new LedgerAccess(home, ledger, clock);
      access.createProject("training", Map.of());
      new CertificateAuthority(home, List.of("localhost"), clock).serverContext("localhost");
      Router router = new Router().add("GET", "/", exchange -> exchange.json(200, Map.of("a", 1)));
      try (JettyHttpServer server = new JettyHttpServer("training", router)) {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        int port = server.listen(new InetSocketAddress(loopback, 0));
        URI url = URI.create("http://127.0.0.1:" + port + "/");
        try (InputStream in = url.toURL().openStream()) {
          in.readAllBytes();
        }
      }
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
