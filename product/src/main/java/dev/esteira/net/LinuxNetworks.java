package dev.esteira.net;

import dev.esteira.base.Commands;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import dev.esteira.base.Json;
import dev.esteira.base.Programs;
import dev.esteira.engine.Engine;
import dev.esteira.engine.EngineHost;
import dev.esteira.store.Ledger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Networks by the programs {@code ip} and {@code nft}, and bridges by the engine.
 *
 * <p>Order of calls: the addresses are known as soon as this is made, {@link #up} needs the engine,
 * {@link #down} comes when the engine has stopped. What was captured and redirected is recorded, so
 * that {@link #up} after any crash makes the same table. Thread-safe.
 */
public final class LinuxNetworks implements Networks {
  private static final System.Logger LOG = System.getLogger(LinuxNetworks.class.getName());
  private static final Path CLAIMS = Path.of("/var/lib/esteira/slots");
  private static final Path FORWARDING = Path.of("/proc/sys/net/ipv4/ip_forward");
  private static final Duration IP_LIMIT = Duration.ofMinutes(1);
  private static final int WATCH_SECONDS = 5;

  /** From here on ports of the house belong to services of the cluster; all doors are below. */
  private static final int NODE_PORT_MIN = 30_000;

  private static final String KIND = "net.rules";
  private static final String KEY = "rules";

  private final AddressPlan plan;
  private final Ledger ledger;
  private final AddressPool pool;
  private final Bridges bridges;
  private final Firewall firewall;
  private final Guards guards;
  private final ForeignFirewall foreign;
  private volatile Function<String, Optional<String>> transitOwners = _ -> Optional.empty();
  private Rules rules;
  private @Nullable ScheduledThreadPoolExecutor watch;

  public LinuxNetworks(Home home, Ledger ledger, Engine engine) {
    this(home, ledger, engine, CLAIMS);
  }

  LinuxNetworks(Home home, Ledger ledger, Engine engine, Path claims) {
    Programs.requireAll(List.of("ip", "nft"));
    this.plan = new AddressPlan(new SlotClaims(claims, home, ledger).take());
    this.ledger = ledger;
    this.pool = new AddressPool(plan, ledger);
    this.bridges = new Bridges(home.id(), plan, ledger, engine);
    this.firewall = new Firewall(home.id(), plan);
    this.guards = new Guards(home.id());
    this.foreign = new ForeignFirewall(home.id());
    this.rules =
        ledger.get(KIND, KEY).map(s -> Json.read(s.body(), Rules.class)).orElse(Rules.NONE);
  }

  /** The addresses of this home that its own engine may use. */
  public EngineHost.Addresses engineAddresses() {
    return new EngineHost.Addresses(
        plan.engineBridge(), plan.enginePool(), List.of(plan.houseRange()));
  }

  @Override
  public String houseAddress() {
    return AddressPlan.text(plan.house());
  }

  @Override
  public String houseRange() {
    return plan.houseRange();
  }

  @Override
  public String sandboxRange() {
    return plan.sandboxRange();
  }

  @Override
  public String transitRange() {
    return plan.transitRange();
  }

  @Override
  public synchronized void metadata(int port) {
    set(rules.withMetadataPort(checkedPort(port)));
  }

  @Override
  public void transitOwners(Function<String, Optional<String>> owners) {
    this.transitOwners = owners;
  }

  @Override
  public synchronized void up() {
    forward();
    // The table first: no address of ours may answer before it says to whom.
    firewall.replace(rules);
    route("replace");
    foreign.pass();
    bridges.restore();
    if (watch == null) {
      watch = new ScheduledThreadPoolExecutor(1, Thread.ofVirtual().name("net-watch").factory());
      ScheduledFuture<?> _ =
          watch.scheduleWithFixedDelay(this::look, WATCH_SECONDS, WATCH_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** A Docker that starts, or an administrator who flushes, takes our rules away. */
  private void look() {
    try {
      foreign.pass();
      synchronized (this) {
        if (watch != null && !firewall.exists()) {
          LOG.log(Level.WARNING, "the table {0} is gone; making it again", firewall.table());
          firewall.replace(rules);
          guards.again();
        }
      }
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "could not look after the firewall: {0}", e.getMessage());
    }
  }

  private static void forward() {
    try {
      if (!Files.readString(FORWARDING).strip().equals("1")) {
        Files.writeString(FORWARDING, "1");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not switch forwarding on in " + FORWARDING, e);
    }
  }

  private Commands.Result route(String verb) {
    List<String> command =
        List.of(Programs.require("ip"), "route", verb, "local", plan.houseRange(), "dev", "lo");
    Commands.Result result = Commands.run(IP_LIMIT, "", command);
    if (!result.ok() && verb.equals("replace")) {
      throw EsteiraException.internal(
          "could not make " + plan.houseRange() + " local: " + result.output().strip(), null);
    }
    return result;
  }

  @Override
  public Bridge bridge(String owner, boolean pods) {
    return bridges.bridge(owner, pods);
  }

  @Override
  public Bridge handOver(String from, String to) {
    return bridges.handOver(from, to);
  }

  @Override
  public Optional<Bridge> bridgeOf(String owner) {
    return bridges.of(owner);
  }

  @Override
  public void removeBridge(String owner) {
    bridges.remove(owner);
  }

  @Override
  public Optional<String> ownerOf(String sourceAddress) {
    try {
      int address = AddressPlan.parse(sourceAddress);
      return plan.isTransit(address)
          ? transitOwners.apply(sourceAddress)
          : bridges.ownerOf(address);
    } catch (EsteiraException e) {
      return Optional.empty();
    }
  }

  @Override
  public String takePoolAddress(String holder) {
    return pool.takePool(holder);
  }

  @Override
  public String takeClusterAddress(String holder, Optional<String> wanted) {
    return pool.takeCluster(holder, wanted);
  }

  @Override
  public void releaseAddress(String holder) {
    pool.release(holder);
  }

  @Override
  public synchronized void redirect(String protocol, int port, int toPort) {
    if (!protocol.equals("tcp") && !protocol.equals("udp")) {
      throw EsteiraException.invalid("cannot redirect '" + protocol + "', only tcp and udp");
    }
    set(rules.withRedirect(protocol.equals("udp"), at(plan.house(), port), door(toPort)));
  }

  @Override
  public synchronized void doors(List<Integer> tcpPorts) {
    tcpPorts.forEach(LinuxNetworks::checkedPort);
    set(rules.withDoors(tcpPorts));
  }

  @Override
  public synchronized void capture(List<Captured> all) {
    Map<String, String> next = new TreeMap<>();
    for (Captured captured : all) {
      int address = AddressPlan.parse(captured.address());
      boolean nodePort = address == plan.house() && captured.port() >= NODE_PORT_MIN;
      if (!plan.isHouse(address) || (address == plan.house() && !nodePort)) {
        throw EsteiraException.invalid(
            "cannot capture " + captured.address() + ": it is not in the pool of " + houseRange());
      }
      String to = door(captured.frontendPort());
      next.put(at(address, captured.port()), to);
      next.put(at(AddressPlan.mirror(address), captured.port()), to);
    }
    if (next.size() > Rules.CAPTURED_MAX) {
      throw EsteiraException.limit(
          "cannot capture " + all.size() + " ports: the limit is " + Rules.CAPTURED_MAX / 2);
    }
    set(rules.withCaptured(next));
  }

  @Override
  public void guard(List<Guarded> all) {
    guards.apply(all);
  }

  private String door(int port) {
    return at(plan.house(), port);
  }

  private static String at(int address, int port) {
    return AddressPlan.text(address) + " . " + checkedPort(port);
  }

  private static int checkedPort(int port) {
    if (port < 1 || port > 65535) {
      throw EsteiraException.invalid("'" + port + "' is no port: they are 1 to 65535");
    }
    return port;
  }

  /** Records the rules, then brings the kernel to them. */
  private void set(Rules next) {
    if (!next.equals(rules)) {
      String body = Json.write(next);
      ledger.write(tx -> {
        tx.put(KIND, KEY, body);
        return body;
      });
      rules = next;
    }
    firewall.apply(rules);
  }

  /** Leaves everything as it is and stops looking after it. */
  public synchronized void leave() {
    ScheduledThreadPoolExecutor watching = watch;
    if (watching != null) {
      watching.shutdownNow();
      watch = null;
    }
  }

  @Override
  public synchronized void down() {
    leave();
    foreign.remove();
    bridges.removeLinks();
    route("delete");
    firewall.remove();
    guards.remove();
  }
}
