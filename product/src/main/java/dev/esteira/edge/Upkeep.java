package dev.esteira.edge;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import dev.esteira.edge.EdgeTables.Ports;
import dev.esteira.edge.EdgeTables.Wanted;
import dev.esteira.net.Networks;
import dev.esteira.net.Networks.Captured;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a HAProxy running and at what the tables say. Whoever changes it takes turns. One that died
 * is started again by a watcher that holds a connection to it; one that outlived this process is
 * adopted as it is.
 */
final class Upkeep implements AutoCloseable {
  private static final Ports FIRST_PORTS = new Ports(10_080, 10_081);
  private static final long ROUND_MILLIS = 30_000;
  private static final long BACK_OFF_MILLIS_MIN = 50;
  private static final long BACK_OFF_MILLIS_MAX = 5_000;
  private static final Logger LOG = System.getLogger(Upkeep.class.getName());

  private final Networks networks;
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

  Upkeep(Home home, Networks networks, EdgeTables tables, ListenerTables listenerTables) {
    this.networks = networks;
    this.tables = tables;
    this.listenerTables = listenerTables;
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
  void start() {
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
  void stop() {
    close();
    turn.lock();
    try {
      process.stop();
    } finally {
      turn.unlock();
    }
  }

  /** Brings everything to what is wanted. */
  void bring() {
    change(this::bringAll);
  }

  /** Brings one service's servers to what is wanted. */
  void bring(String serviceId) {
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

  /** What the statistics say of the servers of a service, by server name; empty without HAProxy. */
  Map<String, Map<String, String>> statistics(Wanted wanted) {
    try {
      return balancer.statistics(wanted);
    } catch (IOException e) {
      // HAProxy is being started again: nobody knows more than what is wanted.
      return Map.of();
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
      Edge.Service service = each.row().service();
      int frontend = ports.of(service.mode());
      service
          .addresses()
          .forEach(address -> all.add(new Captured(address, service.port(), frontend)));
    }
    for (ListenerTables.ListenerRow row : state.listeners()) {
      Listeners.Listener listener = row.listener();
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
        config = config(FreePorts.from(config.ports(), networks.houseAddress()));
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

  private interface Change {
    void run() throws IOException;
  }
}
