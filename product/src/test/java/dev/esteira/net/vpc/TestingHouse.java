package dev.esteira.net.vpc;

import dev.esteira.base.Commands;
import dev.esteira.base.Home;
import dev.esteira.engine.DockerEngine;
import dev.esteira.engine.EngineHost;
import dev.esteira.net.LinuxNetworks;
import dev.esteira.store.Ledger;
import dev.esteira.store.SqliteLedger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Networks of a home without its engine, machines in them, and jobs beside them. */
final class TestingHouse implements AutoCloseable {
  final Path directory;
  final Home home;
  final Ledger ledger;
  final LinuxNetworks networks;
  private final DockerEngine engine;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Map<String, TestingMachine> machines = new HashMap<>();
  Clouds clouds;
  LinuxVpcs vpcs;

  TestingHouse() {
    try {
      this.directory = Files.createTempDirectory("estv");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.home = new Home(directory.resolve("home"));
    this.ledger = SqliteLedger.open(home.ledger());
    this.engine = new DockerEngine(EngineHost.socket(home));
    this.networks = new LinuxNetworks(home, ledger, engine);
    networks.up();
    this.clouds = new Clouds(ledger, java.time.InstantSource.system());
    this.vpcs = new LinuxVpcs(home, clouds, networks, java.time.InstantSource.system());
    vpcs.up();
  }

  /** The process ends and comes again; the kernel stays as it is. */
  void restart() {
    vpcs.close();
    clouds = new Clouds(ledger, java.time.InstantSource.system());
    vpcs = new LinuxVpcs(home, clouds, networks, java.time.InstantSource.system());
    vpcs.up();
  }

  static Vpcs.Wanted in(String subnetId, String... groups) {
    return new Vpcs.Wanted(
        Optional.of(subnetId), List.of(groups), Optional.empty(), Optional.empty());
  }

  /** A machine with an interface; its holder is {@code instance/NAME}. */
  TestingMachine machine(String name, Vpcs.Wanted wanted) {
    vpcs.take("instance/" + name, wanted);
    TestingMachine machine = new TestingMachine(directory, true);
    open.push(machine);
    machines.put(name, machine);
    vpcs.plug("instance/" + name, machine.pid());
    return machine;
  }

  long pid(String name) {
    return java.util.Objects.requireNonNull(machines.get(name)).pid();
  }

  Vpcs.Interface nic(String name) {
    return vpcs.of("instance/" + name).orElseThrow();
  }

  /** The machine's public address, which leads to it from now on. */
  String elastic(String name) {
    String address = networks.takePoolAddress("eip/" + name);
    vpcs.bind(address, "instance/" + name);
    return address;
  }

  /** A machine in the host's own network. */
  TestingMachine host() {
    TestingMachine machine = new TestingMachine(directory, false);
    open.push(machine);
    return machine;
  }

  /** A machine on a bridge as jobs have it; {@code number} is that of its subnet. */
  TestingMachine job(int number) {
    TestingMachine machine = new TestingMachine(directory, true);
    open.push(machine);
    String bridge = "es" + home.id() + "-" + number;
    String base = networks.sandboxRange().replaceFirst("0\\.0/16$", number + ".");
    String link = "vt" + home.id() + number;
    for (String line :
        List.of(
            "link add " + bridge + " type bridge",
            "addr add " + base + "1/28 dev " + bridge,
            "link set " + bridge + " up",
            "link add " + link + " type veth peer name eth0 netns " + machine.pid(),
            "link set " + link + " master " + bridge + " up")) {
      ip(line);
    }
    open.push(() -> ip("link delete " + bridge));
    open.push(() -> ip("link delete " + link));
    machine.run("ip", "addr", "add", base + "2/28", "dev", "eth0");
    machine.run("ip", "link", "set", "lo", "up");
    machine.run("ip", "link", "set", "eth0", "up");
    machine.run("ip", "route", "add", "default", "via", base + "1");
    // A new bridge begins to carry a moment after it is there.
    for (int i = 0; i < 20; i++) {
      if (machine.connect("icmp", networks.houseAddress(), 0).equals("pong")) {
        return machine;
      }
    }
    throw new IllegalStateException("the bridge " + bridge + " carries nothing");
  }

  String jobAddress(int number) {
    return networks.sandboxRange().replaceFirst("0\\.0/16$", number + ".2");
  }

  private static void ip(String line) {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(line.split(" ")));
    Commands.check(command);
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    vpcs.close();
    engine.close();
    LinuxVpcs.down(home);
    networks.down();
    ledger.close();
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
