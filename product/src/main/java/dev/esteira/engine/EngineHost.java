package dev.esteira.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Commands;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import dev.esteira.base.Json;
import dev.esteira.base.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The home's own engine: containerd and dockerd of the machine's packages, with settings, sockets
 * and data of this home, each in a session of its own.
 *
 * <p>Both outlive this process, and containers outlive them: after a kill -9 of anyone, {@link
 * #start} finds what runs and goes on. dockerd has no hand in the firewall ({@code net} has) and
 * uses a bridge made here, so that another Docker on the machine is not disturbed. Thread-safe.
 */
public final class EngineHost {
  private static final System.Logger LOG = System.getLogger(EngineHost.class.getName());
  private static final List<String> PROGRAMS =
      List.of(
          "containerd",
          "containerd-shim-runc-v2",
          "runc",
          "dockerd",
          "setsid",
          "ip",
          "mount",
          "umount");

  /**
   * The runtime of containers whose host name is that of their mount of {@code /etc/hostname}: the
   * last part of its path, {@code HOME/pods/UID/hostname/NAME}. Engines that have it name it in
   * {@code info}.
   */
  public static final String POD_RUNTIME = "esteira-pod";

  private static final long PING_MILLIS_MAX = 0;
  private static final long STOP_MILLIS_MAX = 20_000;
  private static final int CONTAINER_GRACE_SECONDS = 2;
  private static final Duration LINK_LIMIT = Duration.ofMinutes(1);

  /**
   * The addresses that the engine may use.
   *
   * @param bridgeAddress address and prefix length of the default bridge: {@code 10.128.192.1/24}
   * @param pool CIDR of networks that name no subnet; each gets a /27
   * @param insecureRegistries ranges and hosts whose registries are spoken to without TLS
   * @param nameServers whom containers and builds ask that say nothing themselves; empty means the
   *     host's own
   */
  public record Addresses(
      String bridgeAddress,
      String pool,
      List<String> insecureRegistries,
      List<String> nameServers) {
    public Addresses {
      insecureRegistries = List.copyOf(insecureRegistries);
      nameServers = List.copyOf(nameServers);
    }

    public Addresses(String bridgeAddress, String pool, List<String> insecureRegistries) {
      this(bridgeAddress, pool, insecureRegistries, List.of());
    }

    public Addresses withNameServer(String address) {
      return new Addresses(bridgeAddress, pool, insecureRegistries, List.of(address));
    }
  }

  private final String id;
  private final Path root;
  private final EngineFiles files;
  private final Path pods;
  private final Addresses addresses;
  private final Daemon containerd;
  private final Daemon dockerd;

  public EngineHost(Home home, Addresses addresses) {
    this.id = home.id();
    this.root = home.root();
    this.files = EngineFiles.of(home);
    this.pods = home.pods();
    this.addresses = addresses;
    Map<String, String> environment = environment(addresses);
    this.containerd =
        new Daemon(
            "containerd",
            files,
            List.of("containerd", "--config", files.containerdConfig().toString()),
            environment,
            () -> accepts(files.containerdSocket()));
    this.dockerd =
        new Daemon(
            "dockerd",
            files,
            List.of("dockerd", "--config-file", files.dockerConfig().toString()),
            environment,
            () -> pings(files.socket()));
  }

  /** Where this home's engine listens, whether it runs or not. */
  public static Path socket(Home home) {
    return EngineFiles.of(home).socket();
  }

  public Path socket() {
    return files.socket();
  }

  /** The control group under which all containers of this home run; it goes with the engine. */
  public static String cgroupParent(Home home) {
    return "/esteira-" + home.id();
  }

  /** The engine's default bridge; other bridges of this home must not take its name. */
  public static String bridgeName(Home home) {
    return "est" + home.id() + "d0";
  }

  /**
   * Starts both daemons, or finds them running; returns when the engine answers. A missing program
   * is {@code PREREQUISITE}; a daemon that does not come up is {@code UNAVAILABLE} with the end of
   * its log.
   */
  public synchronized void start() {
    Programs.requireAll(PROGRAMS);
    files.make();
    if (PodRuntime.isPossible(pods)) {
      PodRuntime.write(files.podRuntime(), pods);
    }
    write(files.containerdConfig(), containerdConfig());
    boolean changed = write(files.dockerConfig(), dockerConfig());
    makeBridge();
    containerd.start();
    if (changed && dockerd.running().isPresent()) {
      // Containers live through this; it is how new settings reach the engine.
      dockerd.stop(STOP_MILLIS_MAX);
    }
    dockerd.start();
    containerd.watch();
    dockerd.watch();
  }

  /** Leaves the engine running and stops looking after it. */
  public synchronized void leave() {
    containerd.leave();
    dockerd.leave();
  }

  /**
   * Ends containers and daemons and takes away the bridge, the control groups and every mount under
   * the home. Images, stopped containers and volumes stay on disk. Does nothing where nothing runs.
   */
  public synchronized void stop() {
    if (!Files.isDirectory(files.data())) {
      return;
    }
    dockerd.leave();
    containerd.leave();
    if (dockerd.running().isPresent()) {
      stopContainers();
    }
    dockerd.stop(STOP_MILLIS_MAX);
    Leftovers.endShims(files.containerdSocket());
    containerd.stop(STOP_MILLIS_MAX);
    Leftovers.unmountUnder(root);
    Leftovers.unmountUnder(files.run());
    Commands.run(
        LINK_LIMIT, "", List.of(Programs.require("ip"), "link", "delete", "est" + id + "d0"));
    // Owners of the engine proxy have groups of their own beside the engine's.
    Leftovers.removeCgroups("esteira-" + id);
    Leftovers.removeCgroups("est-" + id);
    Leftovers.delete(files.exec());
    Leftovers.delete(files.state());
    if (!files.run().equals(files.data())) {
      Leftovers.delete(files.run());
    }
  }

  private void stopContainers() {
    try (DockerEngine engine = new DockerEngine(files.socket(), PING_MILLIS_MAX);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (JsonNode container : engine.containers(Map.of())) {
        if (!container.path("State").asText().equals("exited")) {
          String name = container.path("Id").asText();
          threads.execute(() -> stopContainer(engine, name));
        }
      }
    } catch (EsteiraException e) {
      LOG.log(Level.WARNING, "could not stop all containers: {0}", e.getMessage());
    }
  }

  private static void stopContainer(DockerEngine engine, String name) {
    try {
      engine.stopContainer(name, CONTAINER_GRACE_SECONDS);
    } catch (EsteiraException e) {
      // Its shim is ended later, whatever the engine says.
      LOG.log(Level.WARNING, "could not stop container {0}: {1}", name, e.getMessage());
    }
  }

  private void makeBridge() {
    String ip = Programs.require("ip");
    String bridge = "est" + id + "d0";
    if (!Files.exists(Path.of("/sys/class/net", bridge))) {
      Commands.check(List.of(ip, "link", "add", bridge, "type", "bridge"));
    }
    Commands.check(List.of(ip, "address", "replace", addresses.bridgeAddress(), "dev", bridge));
    Commands.check(List.of(ip, "link", "set", bridge, "up"));
  }

  private String containerdConfig() {
    return """
    version = 2
    root = "%s"
    state = "%s"
    disabled_plugins = [
      "io.containerd.grpc.v1.cri",
      "io.containerd.snapshotter.v1.aufs",
      "io.containerd.snapshotter.v1.btrfs",
      "io.containerd.snapshotter.v1.devmapper",
      "io.containerd.snapshotter.v1.zfs",
      "io.containerd.internal.v1.opt",
      "io.containerd.internal.v1.tracing",
    ]
    [grpc]
      address = "%s"
    """
        .formatted(files.data().resolve("containerd"), files.state(), files.containerdSocket());
  }

  private String dockerConfig() {
    ObjectNode config = Json.object();
    config.put("data-root", files.data().resolve("docker").toString());
    config.put("exec-root", files.exec().toString());
    config.put("pidfile", files.ownPid("dockerd").toString());
    config.putArray("hosts").add("unix://" + files.socket());
    config.put("containerd", files.containerdSocket().toString());
    config.put("live-restore", true);
    config.put("iptables", false);
    config.put("ip-masq", false);
    config.put("bridge", "est" + id + "d0");
    config.put("cgroup-parent", "/esteira-" + id);
    if (PodRuntime.isPossible(pods)) {
      ObjectNode runtimes = config.putObject("runtimes");
      runtimes.putObject(POD_RUNTIME).put("path", files.podRuntime().toString());
    }
    ObjectNode pool = config.putArray("default-address-pools").addObject();
    pool.put("base", addresses.pool()).put("size", 27);
    addresses.insecureRegistries().forEach(config.putArray("insecure-registries")::add);
    if (!addresses.nameServers().isEmpty()) {
      addresses.nameServers().forEach(config.putArray("dns")::add);
    }
    config.put("log-driver", "json-file");
    config.putObject("log-opts").put("max-size", "20m").put("max-file", "2");
    return Json.write(config) + "\n";
  }

  /** What the daemons may know of our environment: not systemd's sockets, not another engine. */
  private static Map<String, String> environment(Addresses addresses) {
    Map<String, String> environment = new HashMap<>();
    environment.put("PATH", Programs.searchPath());
    for (String name : List.of("HOME", "LANG", "SSL_CERT_FILE", "SSL_CERT_DIR", "TMPDIR")) {
      copy(name, environment);
    }
    for (String name : List.of("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")) {
      copy(name, environment);
      copy(name.toLowerCase(java.util.Locale.ROOT), environment);
    }
    String ours = "localhost,127.0.0.0/8," + String.join(",", addresses.insecureRegistries());
    environment.merge("NO_PROXY", ours, (given, added) -> given + "," + added);
    environment.merge("no_proxy", ours, (given, added) -> given + "," + added);
    return environment;
  }

  private static void copy(String name, Map<String, String> to) {
    String value = System.getenv(name);
    if (value != null) {
      to.put(name, value);
    }
  }

  private static boolean accepts(Path socket) {
    try (HttpConnection connection = HttpConnection.open(socket)) {
      return !connection.isStale();
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean pings(Path socket) {
    try (DockerEngine engine = new DockerEngine(socket, PING_MILLIS_MAX)) {
      return !engine.apiVersion().isEmpty();
    } catch (EsteiraException e) {
      return false;
    }
  }

  /** Whether the file was other than this before. */
  private static boolean write(Path file, String text) {
    try {
      if (Files.exists(file) && Files.readString(file).equals(text)) {
        return false;
      }
      Files.writeString(file, text);
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + file, e);
    }
  }
}
