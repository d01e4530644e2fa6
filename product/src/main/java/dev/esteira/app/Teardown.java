package dev.esteira.app;

import dev.esteira.base.Home;
import dev.esteira.edge.HaproxyEdge;
import dev.esteira.engine.DockerEngine;
import dev.esteira.engine.EngineHost;
import dev.esteira.net.LinuxNetworks;
import dev.esteira.net.vpc.LinuxVpcs;
import dev.esteira.store.SqliteLedger;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.function.Consumer;

/** Ends what outlives the process: pods and sandboxes, engine, HAProxy, networks. */
final class Teardown {
  private Teardown() {}

  static void run(Home home, Consumer<String> progress) {
    if (!Files.exists(home.root().resolve("ledger"))) {
      return;
    }
    try (SqliteLedger ledger = SqliteLedger.open(home.ledger());
        DockerEngine engine = new DockerEngine(EngineHost.socket(home))) {
      LinuxNetworks networks = new LinuxNetworks(home, ledger, engine);
      progress.accept("  load balancer");
      new HaproxyEdge(home, ledger, networks, InstantSource.system()).stop();
      progress.accept("  containers and engine");
      new EngineHost(home, networks.engineAddresses()).stop();
      progress.accept("  networks");
      LinuxVpcs.down(home);
      networks.down();
    }
  }
}
