package dev.esteira.app;

import dev.esteira.access.LedgerAccess;
import dev.esteira.base.Home;
import dev.esteira.engine.DockerEngine;
import dev.esteira.engine.EngineHost;
import dev.esteira.names.CertificateAuthority;
import dev.esteira.net.LinuxNetworks;
import dev.esteira.observe.FileLogs;
import dev.esteira.store.SqliteLedger;
import java.nio.file.Path;
import java.time.InstantSource;

/** What everything else stands on: memory, engine, networks, and where the doors will be. */
record Foundation(
    Home home,
    InstantSource clock,
    SqliteLedger ledger,
    LedgerAccess access,
    FileLogs logs,
    DockerEngine engine,
    LinuxNetworks networks,
    Addresses addresses,
    CertificateAuthority authority,
    Path bundle) {

  static Foundation lay(Home home, Parts parts) {
    InstantSource clock = InstantSource.system();
    SqliteLedger ledger = parts.add(SqliteLedger.open(home.ledger()));
    LedgerAccess access = new LedgerAccess(home, ledger, clock);
    FileLogs logs = parts.add(new FileLogs(home));
    DockerEngine engine = parts.add(new DockerEngine(EngineHost.socket(home)));
    LinuxNetworks networks = new LinuxNetworks(home, ledger, engine);
    // Builds take no name server of their own: real names must lead here for them too.
    EngineHost engineHost =
        new EngineHost(home, networks.engineAddresses().withNameServer(networks.houseAddress()));
    engineHost.start();
    parts.add(engineHost::leave);
    networks.up();
    parts.add(networks::leave);
    Addresses addresses =
        new Addresses(
            networks.houseAddress(),
            networks.houseRange(),
            Ports.choose(ledger, networks.houseAddress()));
    CertificateAuthority authority = new CertificateAuthority(home, addresses.names(), clock);
    return new Foundation(
        home,
        clock,
        ledger,
        access,
        logs,
        engine,
        networks,
        addresses,
        authority,
        authority.bundle());
  }
}
