package dev.esteira.edge;

import dev.esteira.base.Commands;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import dev.esteira.edge.Edge.Target;
import dev.esteira.net.Networks;
import dev.esteira.store.Ledger;
import dev.esteira.store.TestingLedger;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A house of addresses for tests with the real HAProxy: a range of its own on {@code lo}, one
 * nftables table, and backends as processes that can be killed.
 */
public final class EdgeLab implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  public final Home home;
  public final Ledger ledger = new TestingLedger();
  private static final int PREFIXES = 250;

  private final String prefix = freePrefix();
  private final String table = "edgelab" + ProcessHandle.current().pid();
  private final List<Process> backends = new ArrayList<>();
  public HaproxyEdge edge;
  private final AtomicInteger pool = new AtomicInteger(20);

  /** A range that no other lab of this machine has, made local. */
  private static String freePrefix() {
    int first = ThreadLocalRandom.current().nextInt(PREFIXES);
    for (int i = 0; i < PREFIXES; i++) {
      String prefix = "10.78." + (1 + (first + i) % PREFIXES);
      List<String> add = List.of("ip", "route", "add", "local", prefix + ".0/24", "dev", "lo");
      if (Commands.run(LIMIT, "", add).exitCode() == 0) {
        return prefix;
      }
    }
    throw new IllegalStateException("all ranges of 10.78.0.0/16 are taken");
  }

  public EdgeLab(Path directory) {
    home = new Home(directory.resolve("home"));
    edge = open();
    edge.start();
  }

  /** The address of a service: on the host it answers as 127.78.x.n too. */
  public String address(int number) {
    return prefix + "." + number;
  }

  public String loopback(int number) {
    return "127" + address(number).substring(2);
  }

  private HaproxyEdge open() {
    return new HaproxyEdge(home, ledger, networks(), InstantSource.system());
  }

  /** As if this process had been killed and started again. */
  public void reopen() {
    edge.close();
    edge = open();
    edge.start();
  }

  private HaproxyProcess haproxy() {
    HaproxyFiles files = HaproxyFiles.of(home);
    return new HaproxyProcess(files, new HaproxySocket(files.socket()));
  }

  public long haproxyPid() {
    return haproxy().running().orElseThrow().pid();
  }

  /** Replaces HAProxy by one with another skeleton, as an older program would have started. */
  void launchOther() {
    EdgeTables tables = new EdgeTables(ledger);
    haproxy()
        .launch(
            new HaproxyConfig(
                HaproxyFiles.of(home), address(1), tables.ports().orElseThrow(), false),
            new State(tables.all(), java.util.List.of(), java.util.Map.of()));
  }

  /** Starts a backend that answers every GET with its id. */
  public Target backend(String id) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                BackendMain.class.getProtectionDomain().getCodeSource().getLocation().getPath(),
                BackendMain.class.getName(),
                id)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    backends.add(process);
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    return new Target(id, "127.0.0.1", Integer.parseInt(out.readLine()));
  }

  /** Reads the head of each request, counts it, and closes without an answer. */
  static void dieOverRequests(ServerSocket server, AtomicInteger handled) {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        // A check of HAProxy connects and sends nothing.
        if (socket.getInputStream().read(new byte[4096]) > 0) {
          handled.incrementAndGet();
        }
      } catch (IOException e) {
        // The client has gone, or the test is over.
      }
    }
  }

  /** Kill -9. */
  public void kill(int backend) {
    backends.get(backend).destroyForcibly();
  }

  /** Addresses of this lab; captured ones lead to HAProxy. */
  public Networks networks() {
    return (Networks)
        Proxy.newProxyInstance(
            Networks.class.getClassLoader(),
            new Class<?>[] {Networks.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "houseAddress" -> address(1);
                  case "takePoolAddress" -> address(pool.getAndIncrement());
                  case "releaseAddress" -> null;
                  case "capture" -> {
                    capture((List<?>) arguments[0]);
                    yield null;
                  }
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private void capture(List<?> all) {
    StringBuilder rules = new StringBuilder();
    for (Object each : all) {
      if (each instanceof Networks.Captured to) {
        if (!to.address().startsWith(prefix)) {
          throw EsteiraException.invalid("cannot capture " + to.address());
        }
        rules.append(
            "ip daddr { %s, 127%s } tcp dport %d dnat to %s:%d\n"
                .formatted(
                    to.address(),
                    to.address().substring(2),
                    to.port(),
                    address(1),
                    to.frontendPort()));
      }
    }
    String text =
        """
        table ip %1$s {}
        delete table ip %1$s
        table ip %1$s {
          chain out {
            type nat hook output priority -100
            %2$s
          }
        }
        """
            .formatted(table, rules);
    Commands.check(Duration.ofMinutes(2), text, List.of("nft", "-f", "-"));
  }

  @Override
  public void close() {
    edge.stop();
    ledger.close();
    backends.forEach(Process::destroyForcibly);
    Commands.run(Duration.ofMinutes(2), "", List.of("nft", "delete", "table", "ip", table));
    Commands.check(List.of("ip", "route", "del", "local", prefix + ".0/24", "dev", "lo"));
  }
}
