package dev.esteira.edge;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import dev.esteira.base.SecretBox;
import dev.esteira.edge.EdgeTables.Ports;
import dev.esteira.edge.EdgeTables.TargetRow;
import dev.esteira.edge.EdgeTables.Wanted;
import dev.esteira.net.Networks;
import dev.esteira.net.Networks.Captured;
import dev.esteira.store.Ledger;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The edge on HAProxy. What is wanted stands in the ledger first; then the running HAProxy is
 * brought to it by its runtime API. A HAProxy that died is started again, from the ledger, by a
 * watcher that holds a connection to it; one that outlived this process is adopted as it is.
 */
public final class HaproxyEdge implements Edge, Listeners, AutoCloseable {
  private static final Ports FIRST_PORTS = new Ports(10_080, 10_081);
  private static final int PORT_OFFSETS = 50;
  private static final long DRAIN_POLL_MILLIS = 10;
  private static final long ROUND_MILLIS = 30_000;
  private static final long BACK_OFF_MILLIS_MIN = 50;
  private static final long BACK_OFF_MILLIS_MAX = 5_000;
  private static final Logger LOG = System.getLogger(HaproxyEdge.class.getName());

  private final Networks networks;
  private final InstantSource clock;
  private final EdgeTables tables;
  private final ListenerTables listenerTables;
  private final HaproxyFiles files;
  private final HaproxySocket socket;
  private final HaproxyProcess process;
  private final Balancer balancer;
  private final TlsBalancer tls;

  /** Taken by whoever changes HAProxy. */
  private final ReentrantLock turn = new ReentrantLock();

  /** What this process had captured last; whoever else lost it restores it. */
  private @Nullable List<Captured> captured;

  private volatile boolean closing;
  private @Nullable Thread watcher;

  public HaproxyEdge(Home home, Ledger ledger, Networks networks, InstantSource clock) {
    this.networks = networks;
    this.clock = clock;
    this.tables = new EdgeTables(ledger);
    this.listenerTables = new ListenerTables(ledger, SecretBox.in(home.keys()));
    this.files = HaproxyFiles.of(home);
    this.socket = new HaproxySocket(files.socket());
    this.process = new HaproxyProcess(files, socket);
    this.balancer = new Balancer(files, socket);
    this.tls = new TlsBalancer(files, socket);
  }

  /**
   * Adopts the HAProxy that runs, or starts one; then watches it. {@code PREREQUISITE} when the
   * program is missing.
   */
  public void start() {
    turn.lock();
    try {
      closing = false;
      heal();
      if (watcher == null) {
        watcher = Thread.ofVirtual().name("watch-haproxy").start(this::watch);
      }
    } finally {
      turn.unlock();
    }
  }

  /** Stops watching; HAProxy goes on. */
  @Override
  public void close() {
    closing = true;
    Thread watching = watcher;
    if (watching == null) {
      return;
    }
    watching.interrupt();
    boolean interrupted = false;
    while (true) {
      try {
        watching.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    watcher = null;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends HAProxy; the services stay recorded for the next start. */
  public void stop() {
    close();
    turn.lock();
    try {
      process.stop();
    } finally {
      turn.unlock();
    }
  }

  @Override
  public void put(Service service) {
    Optional<Wanted> before = tables.one(service.id());
    tables.put(service);
    try {
      change(this::bringAll);
    } catch (EsteiraException e) {
      if (e.code() == ErrorCode.INVALID || e.code() == ErrorCode.LIMIT) {
        // An address that cannot be captured would otherwise stand in the way of all others.
        before.ifPresentOrElse(
            each -> tables.put(each.row().service()), () -> tables.remove(service.id()));
        change(this::bringAll);
      }
      throw e;
    }
  }

  @Override
  public void remove(String serviceId) {
    tables.remove(serviceId);
    change(this::bringAll);
  }

  @Override
  public List<Service> services() {
    return tables.all().stream().map(each -> each.row().service()).toList();
  }

  @Override
  public void add(String serviceId, Target target) {
    tables.add(serviceId, target);
    bring(serviceId);
  }

  @Override
  public void rest(String serviceId, String targetId) {
    if (tables.drain(serviceId, targetId)) {
      bring(serviceId);
    }
  }

  @Override
  public List<String> resting(String serviceId) {
    return tables.one(serviceId).stream()
        .flatMap(wanted -> wanted.targets().stream())
        .filter(TargetRow::draining)
        .map(row -> row.target().id())
        .toList();
  }

  @Override
  public void putListener(Listener listener) {
    Optional<ListenerTables.ListenerRow> before = listenerTables.put(listener);
    try {
      change(this::bringAll);
    } catch (EsteiraException e) {
      // One that HAProxy does not take would otherwise stand in the way of all others.
      before.ifPresentOrElse(listenerTables::restore, () -> listenerTables.remove(listener.id()));
      change(this::bringAll);
      throw e;
    }
  }

  @Override
  public void removeListener(String id) {
    listenerTables.remove(id);
    change(this::bringAll);
  }

  @Override
  public List<Listener> listeners() {
    return listenerTables.all().stream().map(ListenerTables.ListenerRow::listener).toList();
  }

  @Override
  public void putCertificate(String name, String pem) {
    listenerTables.putCertificate(
        new ListenerTables.Certificate(name, TlsFiles.checkedPem(name, pem)));
    change(this::bringAll);
  }

  @Override
  public void removeCertificate(String name) {
    listenerTables.removeCertificate(name);
    change(this::bringAll);
  }

  @Override
  public void drop(String serviceId, String targetId) {
    tables.drop(serviceId, targetId);
    bring(serviceId);
  }

  @Override
  public void drain(String serviceId, String targetId, long graceMillis) {
    if (!tables.drain(serviceId, targetId)) {
      return;
    }
    bring(serviceId);
    Instant end = clock.instant().plus(Duration.ofMillis(graceMillis));
    while (connections(serviceId, targetId) > 0 && clock.instant().isBefore(end)) {
      try {
        Thread.sleep(DRAIN_POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw EsteiraException.unavailable(
            "interrupted while draining '%s' of '%s'".formatted(targetId, serviceId), e);
      }
    }
    drop(serviceId, targetId);
  }

  private int connections(String serviceId, String targetId) {
    return targets(serviceId).stream()
        .filter(state -> state.id().equals(targetId))
        .mapToInt(TargetState::connections)
        .sum();
  }

  @Override
  public List<TargetState> targets(String serviceId) {
    Optional<Wanted> wanted = tables.one(serviceId);
    if (wanted.isEmpty()) {
      return List.of();
    }
    Map<String, Map<String, String>> statistics;
    try {
      statistics = balancer.statistics(wanted.get());
    } catch (IOException e) {
      // HAProxy is being started again: nobody knows more than what is wanted.
      statistics = Map.of();
    }
    List<TargetState> states = new ArrayList<>();
    for (TargetRow row : wanted.get().targets()) {
      String server = HaproxyConfig.server(row.target().id());
      states.add(state(row.target(), statistics.getOrDefault(server, Map.of())));
    }
    return states;
  }

  private static TargetState state(Target target, Map<String, String> statistics) {
    // "UP 1/2" is up, and one failed check away from going down, as at the beginning.
    String status = statistics.getOrDefault("status", "unknown").replaceFirst("^UP .*", "UP");
    String reason = statistics.getOrDefault("check_desc", "");
    return new TargetState(
        target.id(),
        target.address(),
        target.port(),
        status,
        number(statistics.getOrDefault("scur", "0")) + number(statistics.getOrDefault("qcur", "0")),
        status.equals("UP") || reason.isEmpty() ? Optional.empty() : Optional.of(reason));
  }

  private static int number(String text) {
    return text.isEmpty() ? 0 : Integer.parseInt(text);
  }

  private interface Change {
    void run() throws IOException;
  }

  /** Brings one service's servers to what is wanted. */
  private void bring(String serviceId) {
    change(() -> {
      Optional<Wanted> wanted = tables.one(serviceId);
      if (wanted.isPresent()) {
        balancer.servers(wanted.get());
      }
    });
  }

  /**
   * Changes the running HAProxy. When it is gone, starting it again makes the change, because the
   * ledger has it already.
   */
  private void change(Change change) {
    turn.lock();
    try {
      change.run();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "HAProxy did not answer; looking after it", e);
      heal();
    } finally {
      turn.unlock();
    }
  }

  /** What is new works before anything leads to it; what is old goes when nothing does any more. */
  private void bringAll() throws IOException {
    State state = State.of(tables, listenerTables);
    balancer.addServers(state.services());
    tls.put(state);
    balancer.addMapLines(state);
    capture(state, tables.ports().orElse(FIRST_PORTS));
    balancer.removeMapLines(state);
    balancer.removeServers(state.services());
  }

  private void capture(State state, Ports ports) {
    List<Captured> all = new ArrayList<>();
    for (Wanted each : state.services()) {
      Service service = each.row().service();
      int frontend = ports.of(service.mode());
      service
          .addresses()
          .forEach(address -> all.add(new Captured(address, service.port(), frontend)));
    }
    for (ListenerTables.ListenerRow row : state.listeners()) {
      Listener listener = row.listener();
      int frontend = row.door() < 0 ? ports.of(listener.protocol().mode()) : ports.door(row.door());
      all.add(new Captured(listener.address(), listener.port(), frontend));
    }
    if (!all.equals(captured)) {
      networks.capture(all);
      captured = List.copyOf(all);
    }
  }

  /** Makes sure that HAProxy runs and is as wanted. */
  private void heal() {
    HaproxyConfig config = config(tables.ports().orElse(FIRST_PORTS));
    HaproxyProcess.Found found = process.find(config);
    try {
      if (found == HaproxyProcess.Found.NONE) {
        config = config(freePorts(config.ports()));
        tables.setPorts(config.ports());
      }
      if (found != HaproxyProcess.Found.CURRENT) {
        process.launch(config, State.of(tables, listenerTables));
      }
      bringAll();
    } catch (IOException e) {
      throw EsteiraException.unavailable("HAProxy was started, but does not answer", e);
    }
  }

  private HaproxyConfig config(Ports ports) {
    return new HaproxyConfig(files, networks.houseAddress(), ports, mayDropRights());
  }

  /** Debian's package makes the user; another build may not. */
  private static boolean mayDropRights() {
    try {
      return Files.readString(Path.of("/etc/passwd")).contains("\nhaproxy:")
          && Files.readString(Path.of("/etc/group")).contains("\nhaproxy:");
    } catch (IOException e) {
      return false;
    }
  }

  /** The recorded ports while nobody else has them, else the next pair. */
  private Ports freePorts(Ports recorded) {
    @Nullable IOException cause = null;
    for (int offset = 0; offset < PORT_OFFSETS; offset++) {
      Ports ports = new Ports(recorded.http() + 2 * offset, recorded.tcp() + 2 * offset);
      try {
        bindOnce(ports.http());
        bindOnce(ports.tcp());
        return ports;
      } catch (IOException e) {
        cause = e;
      }
    }
    throw EsteiraException.unavailable(
        "no free pair of ports for the load balancer on %s from %d on: %s"
            .formatted(networks.houseAddress(), recorded.http(), cause),
        cause);
  }

  private void bindOnce(int port) throws IOException {
    new ServerSocket(port, 1, InetAddress.getByName(networks.houseAddress())).close();
  }

  private void watch() {
    long backOffMillis = BACK_OFF_MILLIS_MIN;
    while (!closing) {
      try {
        socket.awaitEnd(ROUND_MILLIS);
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "the watch of HAProxy ended", e);
      }
      turn.lock();
      try {
        if (!closing) {
          heal();
          backOffMillis = BACK_OFF_MILLIS_MIN;
        }
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "could not bring HAProxy to what is wanted, trying again: {0}", e);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(backOffMillis));
        backOffMillis = Math.min(BACK_OFF_MILLIS_MAX, backOffMillis * 2);
      } finally {
        turn.unlock();
      }
    }
  }
}
