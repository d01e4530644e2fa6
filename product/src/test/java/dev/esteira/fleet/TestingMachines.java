package dev.esteira.fleet;

import dev.esteira.access.LedgerAccess;
import dev.esteira.base.Awaiting;
import dev.esteira.base.Home;
import dev.esteira.blob.DiskBlobStore;
import dev.esteira.engine.DockerEngine;
import dev.esteira.http.JettyHttpServer;
import dev.esteira.images.DebianImages;
import dev.esteira.names.CertificateAuthority;
import dev.esteira.net.LinuxNetworks;
import dev.esteira.net.TestingGround;
import dev.esteira.net.vpc.Vpcs;
import dev.esteira.proxy.ScopedEngineProxy;
import dev.esteira.registry.OciRegistry;
import dev.esteira.store.Ledger;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** A fleet over an engine, networks and a proxy of a temporary home; all real but the clouds. */
final class TestingMachines implements AutoCloseable {
  private final TestingGround ground = new TestingGround();
  final Path directory;
  final Home home;
  final Ledger ledger;
  final DockerEngine engine;
  final LinuxNetworks networks;
  final LedgerAccess access;
  final JettyHttpServer metadata;
  final TestingVpcs vpcs;
  private final OciRegistry registry;
  private final CertificateAuthority authority;
  private ScopedEngineProxy proxy;
  private Fleet fleet;

  TestingMachines() throws IOException {
    InstantSource clock = InstantSource.system();
    directory = ground.directory;
    home = ground.home;
    ledger = ground.ledger;
    engine = ground.engine;
    networks = ground.networks;
    access = new LedgerAccess(home, ledger, clock);
    DiskBlobStore blobs = new DiskBlobStore(home.blobs(), clock);
    registry = new OciRegistry(blobs, ledger, access, clock, "http://" + house() + ":5050");
    authority = new CertificateAuthority(home, List.of(networks.houseAddress()), clock);
    metadata = new JettyHttpServer("metadata", exchange -> fleet().metadata().handle(exchange));
    int port = metadata.listen(new InetSocketAddress(InetAddress.getByName(house()), 0));
    vpcs = new TestingVpcs(networks, port);
    open();
  }

  private String house() {
    return networks.houseAddress();
  }

  private void open() {
    proxy =
        new ScopedEngineProxy(
            home,
            ledger,
            handler -> new JettyHttpServer("proxy", handler),
            engine,
            registry,
            access,
            house() + ":5050");
    fleet =
        new Fleet(
            new Ground(
                home,
                ledger,
                engine,
                proxy,
                vpcs,
                new dev.esteira.net.vpc.Clouds(ledger, InstantSource.system()),
                networks,
                access,
                new DebianImages(engine, registry),
                "us-east-1",
                house(),
                authority.rootPem(),
                authority::bundle,
                InstantSource.system()));
    if (fleet.roles().profile("worker").isEmpty()) {
      Instant now = Instant.EPOCH;
      fleet
          .roles()
          .create(new Roles.Role("workers", "/", "{}", "", now, Map.of(), List.of(), Map.of()));
      fleet.roles().create(new Roles.Profile("worker", "/", now, Optional.of("workers"), Map.of()));
    }
    fleet.start();
  }

  Fleet fleet() {
    return fleet;
  }

  /** As a crash and a new start would: everything of ours anew, what runs goes on. */
  void restart() {
    fleet.close();
    proxy.close();
    open();
  }

  Instances.Instance launch(String token, String userData) {
    return fleet
        .instances()
        .launch(
            new Instances.Launch(
                token,
                "user",
                new Instances.Template(
                    MachineImages.SHIPPED_ID,
                    "t3.micro",
                    Optional.empty(),
                    userData.getBytes(StandardCharsets.UTF_8),
                    Optional.of("worker"),
                    false,
                    new Vpcs.Wanted(
                        Optional.empty(), List.of(), Optional.empty(), Optional.empty())),
                Map.of("Name", token)));
  }

  Instances.Instance running(String token, String userData) throws InterruptedException {
    String id = launch(token, userData).id();
    await(id, Instances.State.RUNNING);
    return fleet.instances().instance(id).orElseThrow();
  }

  void await(String id, Instances.State state) throws InterruptedException {
    await(() -> fleet.instances().instance(id).orElseThrow().state() == state);
  }

  static void await(BooleanSupplier condition) throws InterruptedException {
    Awaiting.until(condition);
  }

  /** Runs a shell command inside; its output without blanks at the ends. */
  String in(String id, String command) {
    return engine
        .exec(fleet.instances().container(id), List.of("bash", "-lc", command), 60)
        .output()
        .strip();
  }

  long pid(String id) {
    return engine
        .inspectContainer(fleet.instances().container(id))
        .orElseThrow()
        .path("State")
        .path("Pid")
        .asLong();
  }

  @Override
  public void close() throws IOException {
    fleet.close();
    proxy.close();
    metadata.close();
    ground.close();
  }
}
