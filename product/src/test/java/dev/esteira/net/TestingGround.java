package dev.esteira.net;

import dev.esteira.base.Commands;
import dev.esteira.base.Home;
import dev.esteira.engine.DockerEngine;
import dev.esteira.engine.EngineHost;
import dev.esteira.store.Ledger;
import dev.esteira.store.SqliteLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What a house stands on, for real: a home of its own, its ledger, its engine, its networks. */
public final class TestingGround implements AutoCloseable {
  private static final Duration REMOVAL_LIMIT = Duration.ofMinutes(10);

  public final Path directory;
  public final Home home;
  public final Ledger ledger;
  public final DockerEngine engine;
  public final EngineHost host;
  public final LinuxNetworks networks;

  /** The engine runs and the networks are up when this returns. */
  public TestingGround() throws IOException {
    directory = Files.createTempDirectory("est");
    home = new Home(directory.resolve("home"));
    ledger = SqliteLedger.open(home.ledger());
    engine = new DockerEngine(EngineHost.socket(home));
    networks = new LinuxNetworks(home, ledger, engine);
    host = new EngineHost(home, networks.engineAddresses());
    host.start();
    networks.up();
  }

  /** Nothing of it remains. */
  @Override
  public void close() {
    engine.close();
    host.stop();
    networks.down();
    ledger.close();
    Commands.check(REMOVAL_LIMIT, "", List.of("rm", "-rf", directory.toString()));
  }
}
