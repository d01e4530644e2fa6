package dev.esteira.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.esteira.access.LedgerAccess;
import dev.esteira.base.Commands;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import dev.esteira.blob.BlobStore;
import dev.esteira.blob.DiskBlobStore;
import dev.esteira.engine.DockerEngine;
import dev.esteira.engine.TestingRootfs;
import dev.esteira.http.JettyHttpServer;
import dev.esteira.images.BaseImages;
import dev.esteira.names.CertificateAuthority;
import dev.esteira.net.LinuxNetworks;
import dev.esteira.net.Networks;
import dev.esteira.net.TestingGround;
import dev.esteira.observe.FileLogs;
import dev.esteira.pipeline.Runs;
import dev.esteira.proxy.EngineProxy;
import dev.esteira.proxy.ScopedEngineProxy;
import dev.esteira.registry.OciRegistry;
import dev.esteira.store.Ledger;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Assumptions;

/** What a runner needs, for real, but for a Docker API in the sandboxes; in a temporary home. */
final class TestingHouse implements AutoCloseable {
  static final String IMAGE = "tools:1";

  private static final List<String> TOOLS =
      List.of(
          "/bin/mkdir",
          "/bin/ln",
          "/usr/bin/base64",
          "/usr/bin/head",
          "/usr/bin/tr",
          "/bin/chmod",
          "/usr/bin/env",
          "/bin/rm",
          "/bin/date",
          "/usr/bin/touch",
          "/bin/mount",
          "/bin/rmdir",
          "/usr/bin/mkfifo",
          "/usr/bin/id",
          "/usr/bin/dirname");

  private final TestingGround ground = new TestingGround();
  final Path directory;
  final Home home;
  final Ledger ledger;
  final DockerEngine engine;
  final LinuxNetworks networks;
  final FileLogs logs;
  final LedgerAccess access;
  final BlobStore blobs;
  final CertificateAuthority authority;
  private EngineProxy proxy = noProxy();
  final Set<String> doors = ConcurrentHashMap.newKeySet();
  final Map<String, String> parameters = new ConcurrentHashMap<>();

  TestingHouse() throws IOException {
    directory = ground.directory;
    home = ground.home;
    ledger = ground.ledger;
    engine = ground.engine;
    networks = ground.networks;
    engine.importImage(TestingRootfs.tar(directory, TOOLS), "tools", "1", List.of());
    logs = new FileLogs(home);
    access = new LedgerAccess(home, ledger, InstantSource.system());
    blobs = new DiskBlobStore(home.blobs(), InstantSource.system());
    authority = new CertificateAuthority(home, List.of("localhost"), InstantSource.system());
  }

  /** What jobs leave behind. */
  JobFiles files() {
    return new JobFiles(ledger, blobs, InstantSource.system());
  }

  /** From now on sandboxes get a Docker API. */
  ScopedEngineProxy withProxy() {
    InstantSource clock = InstantSource.system();
    String registry = networks.houseAddress() + ":5050";
    ScopedEngineProxy real =
        new ScopedEngineProxy(
            home,
            ledger,
            handler -> new JettyHttpServer("proxy", handler),
            engine,
            new OciRegistry(blobs, ledger, access, clock, "http://" + registry),
            access,
            registry);
    proxy = real;
    return real;
  }

  /** An image that also holds these programs of this machine, under these paths. */
  void image(String name, Map<String, String> programs, String... changes) throws IOException {
    Path tar = directory.resolve("programs.tar");
    Path root = Files.createDirectories(directory.resolve("programs-" + name.replace('/', '-')));
    try (InputStream in = TestingRootfs.tar(directory, TOOLS)) {
      Files.write(tar, in.readAllBytes());
    }
    Commands.check(List.of("tar", "-C", root.toString(), "-xf", tar.toString()));
    for (Map.Entry<String, String> program : programs.entrySet()) {
      copy(Path.of(program.getValue()), root.resolve(program.getKey()));
      for (String library : TestingRootfs.libraries(program.getValue())) {
        copy(Path.of(library), root.resolve(library.substring(1)));
      }
    }
    Files.delete(tar);
    Commands.check(
        Duration.ofSeconds(60), "", List.of("tar", "-C", root.toString(), "-cf", tar + "", "."));
    String[] parts = name.split(":");
    try (InputStream in = Files.newInputStream(tar)) {
      engine.importImage(in, parts[0], parts[1], List.of(changes));
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
  }

  private static void append(Path tar, Path directory, String file) {
    Commands.check(
        Duration.ofSeconds(60),
        "",
        List.of("tar", "-C", directory.toString(), "-hrf", tar.toString(), file));
  }

  /** An image like the usual one, with these changes. */
  void image(String name, String... changes) throws IOException {
    String[] parts = name.split(":");
    engine.importImage(TestingRootfs.tar(directory, TOOLS), parts[0], parts[1], List.of(changes));
  }

  /** An image that holds busybox alone. */
  void busybox(String name) throws IOException {
    Path root = Files.createDirectories(directory.resolve("busybox/bin"));
    Path program = Path.of("/bin/busybox");
    Assumptions.assumeTrue(Files.isExecutable(program), "this machine has no busybox");
    Files.copy(program, root.resolve("busybox"), StandardCopyOption.REPLACE_EXISTING);
    for (String applet : Commands.check(List.of(program.toString(), "--list")).split("\n")) {
      if (!applet.equals("busybox")) {
        Files.deleteIfExists(root.resolve(applet));
        Files.createSymbolicLink(root.resolve(applet), Path.of("busybox"));
      }
    }
    Path tar = directory.resolve("busybox.tar");
    Commands.check(
        Duration.ofMinutes(2),
        "",
        List.of("tar", "-C", root.getParent().toString(), "-cf", tar.toString(), "."));
    for (String library : TestingRootfs.libraries(program.toString())) {
      append(tar, Path.of("/"), library.substring(1));
    }
    String[] parts = name.split(":");
    try (InputStream in = Files.newInputStream(tar)) {
      engine.importImage(in, parts[0], parts[1], List.of());
    }
  }

  SandboxRunner runner() {
    return runner(0);
  }

  /** One that keeps so many sandboxes waiting, once it is opened. */
  SandboxRunner runner(int warmMax) {
    return runner(warmMax, ledger, networks);
  }

  /** One whose memory and networks may fail. */
  SandboxRunner runner(int warmMax, Ledger memory, Networks bridges) {
    Parts parts =
        new Parts(
            home,
            memory,
            blobs,
            access,
            engine,
            bridges,
            proxy,
            noImages(),
            logs,
            TestingHouse::sources,
            this::image,
            authority,
            name -> Optional.ofNullable(parameters.get(name)),
            InstantSource.system());
    RunnerSettings settings =
        new RunnerSettings(
            "us-east-1",
            "http://" + networks.houseAddress() + ":4566",
            "http://" + networks.houseAddress() + ":8080",
            "https://" + networks.houseAddress() + ":6443",
            directory.resolve("no-ca"),
            512L << 20,
            500,
            IMAGE,
            warmMax);
    return new SandboxRunner(parts, settings);
  }

  private static void sources(Runs.Request run, Path workspace) {
    try {
      Files.writeString(workspace.resolve("README"), run.commit() + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String image(Runs.Request run, String image, Consumer<String> progress) {
    if (engine.inspectImage(image).isEmpty()) {
      throw EsteiraException.notFound("nobody knows " + image);
    }
    return image;
  }

  private EngineProxy noProxy() {
    return new EngineProxy() {
      @Override
      public void open(Owner owner) {
        doors.add(owner.owner());
      }

      @Override
      public void listen(String owner, Tcp tcp) {
        doors.add(owner + " on " + tcp.address());
      }

      @Override
      public void close(String owner) {
        doors.removeIf(door -> door.startsWith(owner + " "));
        doors.remove(owner);
      }

      @Override
      public List<String> owners() {
        return List.copyOf(doors);
      }
    };
  }

  /** Ends this home's dockerd at once; whoever looks after it starts it again. */
  void killEngine() {
    List<ProcessHandle> daemons =
        ProcessHandle.allProcesses()
            .filter(p -> p.info().command().orElse("").endsWith("/dockerd"))
            .filter(p -> p.info().commandLine().orElse("").contains(directory.toString()))
            .toList();
    assertEquals(1, daemons.size(), daemons.toString());
    daemons.getFirst().destroyForcibly();
  }

  private static BaseImages noImages() {
    return new BaseImages() {
      @Override
      public List<Recipe> recipes() {
        return List.of();
      }

      @Override
      public String ensure(String name, Consumer<String> progress) {
        throw EsteiraException.notFound(name);
      }

      @Override
      public boolean ships(String name) {
        return false;
      }
    };
  }

  @Override
  public void close() {
    logs.close();
    ground.close();
  }
}
