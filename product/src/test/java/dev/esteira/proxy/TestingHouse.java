package dev.esteira.proxy;

import dev.esteira.access.Access;
import dev.esteira.access.LedgerAccess;
import dev.esteira.base.Commands;
import dev.esteira.base.Home;
import dev.esteira.blob.DiskBlobStore;
import dev.esteira.engine.DockerEngine;
import dev.esteira.engine.EngineHost;
import dev.esteira.engine.TestingEngine;
import dev.esteira.engine.TestingRootfs;
import dev.esteira.http.JettyHttpServer;
import dev.esteira.registry.OciRegistry;
import dev.esteira.registry.Registry;
import dev.esteira.store.SqliteLedger;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** An engine, a registry and a proxy of a home of their own, for tests with real clients. */
final class TestingHouse implements AutoCloseable {
  static final String HOUSE = "10.77.240.1:5050";
  static final String ECR = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";

  final Path directory;
  final Home home;
  final EngineHost host;
  final DockerEngine engine;
  final SqliteLedger ledger;
  final Access access;
  final Registry registry;
  private final Substitutes substitutes;
  private ScopedEngineProxy proxy;
  private int networks;

  TestingHouse() throws IOException {
    this(Substitutes.NONE);
  }

  TestingHouse(Substitutes substitutes) throws IOException {
    this.substitutes = substitutes;
    directory = Files.createTempDirectory("esp");
    home = new Home(directory.resolve("h"));
    host = new EngineHost(home, TestingEngine.addresses(home, "10.125", List.of()));
    host.start();
    engine = new DockerEngine(host.socket());
    ledger = SqliteLedger.open(home.ledger());
    access = new LedgerAccess(home, ledger, InstantSource.system());
    DiskBlobStore blobs = new DiskBlobStore(home.blobs(), InstantSource.system());
    registry = new OciRegistry(blobs, ledger, access, InstantSource.system(), "http://" + HOUSE);
    proxy = makeProxy();
  }

  private ScopedEngineProxy makeProxy() {
    return new ScopedEngineProxy(
        home,
        ledger,
        handler -> new JettyHttpServer("proxy", handler),
        engine,
        registry,
        access,
        HOUSE,
        substitutes);
  }

  private static int third(Home home) {
    return Integer.parseInt(home.id().substring(0, 2), 16);
  }

  ScopedEngineProxy proxy() {
    return proxy;
  }

  /** As a crash and a new start would: the same home, a new proxy. */
  void restartProxy() {
    proxy.close();
    proxy = makeProxy();
  }

  /** An owner with a network and a workspace of its own, bound at /work. */
  TestingOwner owner(String id) throws IOException {
    int n = networks++;
    String subnet = "10.124." + third(home) + ".";
    String name = "est-" + home.id() + "-net-" + n;
    engine.createNetwork(
        name, "est" + home.id() + "x" + n, subnet + n * 8 + "/29", subnet + (n * 8 + 1));
    Path work = Files.createDirectories(directory.resolve("w" + n));
    EngineProxy.Owner owner =
        new EngineProxy.Owner(
            "job/" + id,
            home.door("job-" + id),
            name,
            List.of(new EngineProxy.Bind("/work", work)),
            "",
            Optional.of(EngineHost.cgroupParent(home) + "/job-" + id));
    proxy.open(owner);
    String token =
        access.issueToken(new Access.Principal("job/" + id, Optional.empty()), Duration.ofHours(1));
    return new TestingOwner(owner, work, token, directory.resolve("docker-" + n));
  }

  /** Puts a small image into the registry, under this repository and tag. */
  void seed(String repository, String tag) throws IOException {
    seed(repository, tag, List.of());
  }

  /** The same with more programs of this machine in it. */
  void seed(String repository, String tag, List<String> programs) throws IOException {
    TestingOwner seeder = owner("seed" + networks);
    Path tar = directory.resolve("rootfs-seed.tar");
    try (InputStream in = TestingRootfs.tar(directory, programs)) {
      Files.write(tar, in.readAllBytes());
    }
    String name = ECR + "/" + repository + ":" + tag;
    seeder.docker("login", "-u", "AWS", "-p", seeder.token(), ECR).check();
    seeder.docker("import", "-c", "CMD [\"/bin/sh\"]", tar.toString(), name).check();
    seeder.docker("push", name).check();
    proxy.close(seeder.owner().owner());
  }

  @Override
  public void close() throws IOException {
    proxy.close();
    engine.close();
    ledger.close();
    host.stop();
    for (String line : Files.readAllLines(Path.of("/proc/self/mounts"))) {
      String place = line.split(" ")[1];
      if (place.startsWith(directory.toString())) {
        Commands.run(Duration.ofMinutes(2), "", List.of("umount", "-l", place));
      }
    }
    for (int n = 0; n < networks; n++) {
      Commands.run(
          Duration.ofSeconds(10), "", List.of("ip", "link", "del", "est" + home.id() + "x" + n));
    }
    delete(directory);
  }

  private static void delete(Path directory) throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(directory)) {
      all = new ArrayList<>(walk.toList());
    }
    for (Path path : all.reversed()) {
      Files.deleteIfExists(path);
    }
  }
}
