package dev.esteira.net.vpc;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A VPC of two subnets: {@code web} and {@code mate} in one, {@code db} in the other, {@code far}
 * in another VPC, a {@code job} outside, and the house itself. Every machine of them listens on 80,
 * 443 and 5432; those in VPCs have public addresses.
 */
final class TestingWorld implements AutoCloseable {
  static final int DOOR = 28_180;
  static final int METADATA = 28_181;
  private static final List<String> PUBLIC = List.of("web", "mate", "db", "far");
  private static final Map<String, String> NO_TAGS = Map.of();

  final TestingHouse house = new TestingHouse();
  final Vpc vpc;
  final Subnet first;
  final Subnet second;
  final InternetGateway gateway;
  final Map<String, String> groups = new HashMap<>();
  final Map<String, String> acls = new HashMap<>();
  final Map<String, TestingMachine> machines = new LinkedHashMap<>();

  TestingWorld() {
    vpc = house.clouds.ranges().createVpc("10.20.0.0/16", NO_TAGS);
    first = subnet("10.20.1.0/24");
    second = subnet("10.20.2.0/24");
    gateway = house.clouds.routing().createGateway(NO_TAGS);
    house.clouds.routing().attach(gateway.id(), vpc.id());
    for (String name : List.of("web", "db")) {
      groups.put(
          name, house.clouds.groups().create(Optional.of(vpc.id()), name, name, NO_TAGS).id());
    }
    acl("first", first);
    acl("second", second);
    reset();
    house.vpcs.metadata(METADATA);
    house.networks.doors(List.of(DOOR));
    add("web", house.machine("web", TestingHouse.in(first.id(), groups.get("web"))));
    add("mate", house.machine("mate", TestingHouse.in(first.id(), groups.get("web"))));
    add("db", house.machine("db", TestingHouse.in(second.id(), groups.get("db"))));
    add("far", house.machine("far", far()));
    PUBLIC.forEach(house::elastic);
    add("job", house.job(1));
    machines.put(
        "house", house.host().listenAt(house.networks.houseAddress(), "tcp", DOOR, METADATA));
  }

  private Subnet subnet(String cidr) {
    return house.clouds.ranges().createSubnet(vpc.id(), cidr, Optional.empty(), NO_TAGS);
  }

  /** In the default VPC, and open to everybody. */
  private Vpcs.Wanted far() {
    SecurityGroup open = house.clouds.groups().create(Optional.empty(), "far", "far", NO_TAGS);
    house.clouds.groups().authorize(open.id(), List.of(rule(false, "-1", -1, -1, "0.0.0.0/0")));
    return new Vpcs.Wanted(
        Optional.empty(), List.of(open.id()), Optional.empty(), Optional.empty());
  }

  private void add(String name, TestingMachine machine) {
    machines.put(name, machine.listen("tcp", 80, 443, 5432).listen("udp", 80, 5432));
  }

  private void acl(String name, Subnet subnet) {
    String id = house.clouds.acls().create(vpc.id(), NO_TAGS).id();
    String association =
        house.clouds.now().aclOf(subnet).associations().stream()
            .filter(a -> a.subnetId().equals(subnet.id()))
            .findFirst()
            .orElseThrow()
            .id();
    house.clouds.acls().associate(association, id);
    acls.put(name, id);
  }

  TestingMachine machine(String name) {
    return java.util.Objects.requireNonNull(machines.get(name));
  }

  /** Groups allow only outwards, ACLs everything, the way out is open, all are public. */
  void reset() {
    for (String id : groups.values()) {
      clear(id);
      house.clouds.groups().authorize(id, List.of(rule(true, "-1", -1, -1, "0.0.0.0/0")));
    }
    for (String id : acls.values()) {
      for (NetworkAcl.Entry entry : house.clouds.now().acls().get(id).entries()) {
        house.clouds.acls().remove(id, entry.egress(), entry.number());
      }
      entry(id, false, 1000, -1, "0.0.0.0/0", true, -1, -1);
      entry(id, true, 1000, -1, "0.0.0.0/0", true, -1, -1);
    }
    PUBLIC.stream()
        .filter(name -> house.vpcs.of("instance/" + name).isPresent())
        .forEach(house::elastic);
    RouteTable main = house.clouds.now().routesOf(first);
    for (RouteTable.Route route : main.routes()) {
      house.clouds.routing().removeRoute(main.id(), route.destination());
    }
    house.clouds.routing().addRoute(main.id(), "0.0.0.0/0", gateway.id());
    for (NatGateway nat : house.clouds.now().nats().values()) {
      house.clouds.routing().deleteNat(nat.id());
    }
    for (RouteTable.Association own : house.clouds.now().routesOf(second).associations()) {
      if (!own.isMain()) {
        house.clouds.routing().disassociate(own.id());
      }
    }
  }

  /** Nobody outside knows it any more. */
  void hide(String name) {
    house.vpcs.unbind(house.elastic(name));
  }

  /** The second subnet goes out by a NAT gateway in the first; its address. */
  String translated() {
    String address = house.networks.takePoolAddress("eip/nat");
    NatGateway nat =
        house
            .clouds
            .routing()
            .createNat(first.id(), Optional.empty(), Optional.of(address), NO_TAGS);
    RouteTable own = house.clouds.routing().createTable(vpc.id(), NO_TAGS);
    house.clouds.routing().associate(own.id(), second.id());
    house.clouds.routing().addRoute(own.id(), "0.0.0.0/0", nat.id());
    return address;
  }

  void clear(String groupId) {
    List<SecurityGroup.Rule> rules = house.clouds.now().groups().get(groupId).rules();
    for (boolean egress : List.of(true, false)) {
      house
          .clouds
          .groups()
          .revokeById(
              groupId,
              egress,
              rules.stream()
                  .filter(r -> r.egress() == egress)
                  .map(SecurityGroup.Rule::id)
                  .toList());
    }
  }

  /** {@code peer}: a range, or a group's name. */
  SecurityGroup.Rule rule(boolean egress, String protocol, int from, int to, String peer) {
    SecurityGroup.Peer who =
        groups.containsKey(peer)
            ? SecurityGroup.Peer.group(groups.get(peer))
            : SecurityGroup.Peer.range(peer);
    return Groups.rule(egress, protocol, from, to, who, Optional.empty(), NO_TAGS);
  }

  void allow(String group, String protocol, int from, int to, String peer) {
    house
        .clouds
        .groups()
        .authorize(groups.get(group), List.of(rule(false, protocol, from, to, peer)));
  }

  /** Only this outwards. */
  void only(String group, String protocol, int from, int to, String peer) {
    SecurityGroup.Rule all = rule(true, "-1", -1, -1, "0.0.0.0/0");
    house.clouds.groups().revoke(groups.get(group), List.of(all));
    house
        .clouds
        .groups()
        .authorize(groups.get(group), List.of(rule(true, protocol, from, to, peer)));
  }

  void entry(
      String id,
      boolean egress,
      int number,
      int protocol,
      String cidr,
      boolean allow,
      int from,
      int to) {
    house
        .clouds
        .acls()
        .add(id, new NetworkAcl.Entry(egress, number, protocol, cidr, allow, from, to));
  }

  /** An entry of tcp in {@code first} or {@code second}. */
  void tcp(String acl, boolean egress, int number, boolean allow, int from, int to) {
    entry(acls.get(acl), egress, number, 6, "0.0.0.0/0", allow, from, to);
  }

  /** Takes away what {@link #reset} left: nothing is allowed but what is added. */
  void closed(String acl, boolean egress) {
    house.clouds.acls().remove(acls.get(acl), egress, 1000);
  }

  /** By which address {@code from} speaks to {@code to}. */
  String address(String from, String to) {
    return switch (to) {
      case "house" -> house.networks.houseAddress();
      case "metadata" -> "169.254.169.254";
      case "job" -> house.jobAddress(1);
      default -> {
        Vpcs.Interface nic = house.nic(to);
        boolean near =
            house
                .vpcs
                .of("instance/" + from)
                .map(Vpcs.Interface::vpcId)
                .equals(Optional.of(nic.vpcId()));
        yield near ? nic.privateAddress() : publicAddress(to).orElse(nic.transitAddress());
      }
    };
  }

  /** Whether {@code from} has a way to name {@code to} at all. */
  boolean isKnown(String from, String to) {
    return !address(from, to).equals(house.nic(to).transitAddress());
  }

  private Optional<String> publicAddress(String name) {
    return house.clouds.now().bindings().values().stream()
        .filter(b -> b.holder().equals("instance/" + name))
        .map(Cloud.Binding::address)
        .findFirst();
  }

  /** One expectation: {@code web->db tcp 80}. */
  record Probe(String from, String to, String protocol, int port) {
    static Probe of(String text) {
      String[] words = text.split("->| ");
      return new Probe(words[0], words[1], words[2], Integer.parseInt(words[3]));
    }
  }

  /** All listen wherever ways lead, so that a refusal is the house's. */
  static boolean reached(String answer) {
    return answer.startsWith("from ") || answer.equals("pong");
  }

  /** What came back of each, all tried at once. */
  Map<Probe, String> tried(List<Probe> probes) {
    Map<Probe, TestingMachine.Attempt> attempts = new LinkedHashMap<>();
    for (Probe probe : probes) {
      String address = address(probe.from(), probe.to());
      attempts.put(probe, new TestingMachine.Attempt(probe.protocol(), address, probe.port(), 0));
    }
    return answers(attempts, Probe::from);
  }

  /** What came back of each attempt, made by the machine that its key means. */
  <K> Map<K, String> answers(
      Map<K, TestingMachine.Attempt> attempts, Function<K, String> machineOf) {
    Map<String, List<K>> byMachine =
        attempts.keySet().stream().collect(Collectors.groupingBy(machineOf));
    Map<K, String> answers = new ConcurrentHashMap<>();
    try (ExecutorService machinesAtOnce = Executors.newVirtualThreadPerTaskExecutor()) {
      byMachine.forEach((from, mine) ->
          machinesAtOnce.execute(() -> {
            List<String> heard = machine(from).connect(mine.stream().map(attempts::get).toList());
            for (int i = 0; i < mine.size(); i++) {
              answers.put(mine.get(i), heard.get(i));
            }
          }));
    }
    return answers;
  }

  Explanation explained(Probe probe, String address, int sourcePort) {
    Explanation.End from =
        probe.from().equals("job")
            ? new Explanation.Address("job", house.jobAddress(1), false)
            : new Explanation.Inside(probe.from(), "instance/" + probe.from());
    return new Explainer(house.clouds.now(), Explainer.Around.of(house.networks))
        .explain(
            new Explanation.Question(
                from,
                new Explanation.Address(probe.to(), address, false),
                probe.protocol(),
                probe.port(),
                sourcePort));
  }

  @Override
  public void close() {
    house.close();
  }
}
