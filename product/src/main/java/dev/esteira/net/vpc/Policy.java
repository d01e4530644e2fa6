package dev.esteira.net.vpc;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What one VPC lets through, as a value that follows from the cloud alone. The rules in the kernel
 * ({@link PolicyRules}) and the explanations ({@link Explanation}) are both read off it, so that
 * they cannot differ in what they start from.
 *
 * @param members by group, the addresses that count as its members in this VPC
 * @param others the ranges of all other VPCs
 * @param inner addresses of the house that count as being inside: internal load balancers
 */
record Policy(
    Vpc vpc,
    List<Port> ports,
    Map<String, SecurityGroup> groups,
    Map<String, Set<String>> members,
    Map<String, NetworkAcl> acls,
    Map<String, Subnet> subnets,
    Map<String, List<Hop>> routes,
    Set<String> others,
    Set<String> inner) {
  /** An interface with its groups in order, and the elastic address that leads to it. */
  record Port(NetworkInterface nic, Optional<String> elastic) {
    String address() {
      return nic.privateAddress();
    }

    /** By which others know it outside. */
    String outside() {
      return elastic.orElse(nic.transitAddress());
    }
  }

  /** A route out of the VPC, the longest prefixes first. */
  record Hop(String destination, String target, String table, Way way) {
    boolean covers(String address) {
      return Range.parse(destination).contains(Range.address(address));
    }
  }

  /** How a route leads on. */
  sealed interface Way {
    /** Through an internet gateway: for interfaces that have a public address. */
    record Gateway() implements Way {}

    /** Through a NAT gateway: seen by its address, and for calls alone, not for answers. */
    record Nat(String address) implements Way {}

    /** Nowhere. */
    record Closed(String why) implements Way {}
  }

  Policy {
    ports = List.copyOf(ports);
    groups = Collections.unmodifiableMap(new TreeMap<>(groups));
    members = Collections.unmodifiableMap(new TreeMap<>(members));
    acls = Collections.unmodifiableMap(new TreeMap<>(acls));
    subnets = Collections.unmodifiableMap(new TreeMap<>(subnets));
    routes = Collections.unmodifiableMap(new TreeMap<>(routes));
    others = Collections.unmodifiableSet(new TreeSet<>(others));
    inner = Collections.unmodifiableSet(new TreeSet<>(inner));
  }

  /** {@code acls} and {@code routes} are by subnet. */
  static Policy of(Cloud cloud, Vpc vpc) {
    List<Port> ports =
        cloud.interfaces().values().stream()
            .filter(i -> i.vpcId().equals(vpc.id()))
            .sorted(Comparator.comparing(NetworkInterface::id))
            .map(i -> new Port(i, elastic(cloud, i)))
            .toList();
    Map<String, SecurityGroup> groups = new TreeMap<>();
    cloud.groups().values().stream()
        .filter(g -> g.vpcId().equals(vpc.id()))
        .forEach(g -> groups.put(g.id(), bare(g)));
    Map<String, NetworkAcl> acls = new TreeMap<>();
    Map<String, Subnet> subnets = new TreeMap<>();
    Map<String, List<Hop>> routes = new TreeMap<>();
    cloud.subnets().values().stream()
        .filter(s -> s.vpcId().equals(vpc.id()))
        .forEach(s -> {
          subnets.put(s.id(), s.withTags(Map.of()));
          NetworkAcl acl = cloud.aclOf(s);
          acls.put(
              s.id(),
              new NetworkAcl(
                  acl.id(), vpc.id(), acl.isDefault(), enforced(acl), List.of(), Map.of()));
          routes.put(s.id(), hops(cloud, cloud.routesOf(s)));
        });
    return new Policy(
        vpc.withTags(Map.of()),
        ports,
        groups,
        members(cloud, ports),
        acls,
        subnets,
        routes,
        others(cloud, vpc),
        inner(cloud, vpc));
  }

  /** Words and tags decide nothing, and their change must not touch the kernel. */
  private static SecurityGroup bare(SecurityGroup group) {
    return group
        .withTags(Map.of())
        .withRules(
            group.rules().stream()
                .map(r -> r.withTags(Map.of()).withDescription(Optional.empty()))
                .toList());
  }

  private static Optional<String> elastic(Cloud cloud, NetworkInterface nic) {
    return cloud.bindings().values().stream()
        .filter(b -> b.holder().equals(nic.holder()))
        .map(Cloud.Binding::address)
        .findFirst();
  }

  private static List<NetworkAcl.Entry> enforced(NetworkAcl acl) {
    return acl.entries().stream().filter(entry -> !entry.ofIpv6()).toList();
  }

  private static List<Hop> hops(Cloud cloud, RouteTable table) {
    List<RouteTable.Route> routes = new ArrayList<>(table.routes());
    routes.sort(
        Comparator.comparingInt((RouteTable.Route r) -> -Range.parse(r.destination()).prefix())
            .thenComparing(RouteTable.Route::destination));
    return routes.stream()
        .map(r -> new Hop(r.destination(), r.target(), table.id(), way(cloud, table, r)))
        .toList();
  }

  private static Way way(Cloud cloud, RouteTable table, RouteTable.Route route) {
    NatGateway nat = cloud.nats().get(route.target());
    if (!cloud.leads(table, route)) {
      return new Way.Closed("gone (black hole)");
    }
    if (nat == null) {
      return new Way.Gateway();
    }
    Subnet around = cloud.subnets().get(nat.subnetId());
    boolean leads = around != null && leadsToGateway(cloud, around, route.destination());
    return nat.publicAddress()
        .filter(_ -> leads)
        .<Way>map(Way.Nat::new)
        .orElseGet(() -> new Way.Closed("in a subnet without a route to an internet gateway"));
  }

  private static boolean leadsToGateway(Cloud cloud, Subnet subnet, String destination) {
    RouteTable table = cloud.routesOf(subnet);
    return table.routes().stream()
        .filter(r -> Range.parse(r.destination()).contains(Range.parse(destination)))
        .anyMatch(r -> cloud.gateways().containsKey(r.target()) && cloud.leads(table, r));
  }

  private static Set<String> others(Cloud cloud, Vpc vpc) {
    return cloud.vpcs().values().stream()
        .filter(other -> !other.id().equals(vpc.id()))
        .flatMap(other -> other.cidrs().stream())
        .collect(Collectors.toSet());
  }

  private static Set<String> inner(Cloud cloud, Vpc vpc) {
    return cloud.admissions().values().stream()
        .filter(a -> a.vpcId().equals(Optional.of(vpc.id())))
        .map(Cloud.Admission::address)
        .collect(Collectors.toSet());
  }

  private static Map<String, Set<String>> members(Cloud cloud, List<Port> ports) {
    Map<String, Set<String>> members = new TreeMap<>();
    for (Port port : ports) {
      for (String group : port.nic().securityGroupIds()) {
        members.computeIfAbsent(group, _ -> new TreeSet<>()).add(port.address());
      }
    }
    for (Cloud.Admission admission : cloud.admissions().values()) {
      for (String group : admission.securityGroupIds()) {
        members.computeIfAbsent(group, _ -> new TreeSet<>()).add(admission.address());
      }
    }
    return members;
  }

  /** The addresses by which the outside reaches the VPC's interfaces, or sees them. */
  Set<String> publicAddresses() {
    Set<String> all = new TreeSet<>();
    ports.forEach(port -> port.elastic().ifPresent(all::add));
    subnets.keySet().forEach(subnet -> all.addAll(natAddresses(subnet)));
    return all;
  }

  /** The addresses of the NAT gateways to which a subnet's routes lead. */
  Set<String> natAddresses(String subnetId) {
    Set<String> all = new TreeSet<>();
    for (Hop hop : routes.getOrDefault(subnetId, List.of())) {
      if (hop.way() instanceof Way.Nat nat) {
        all.add(nat.address());
      }
    }
    return all;
  }

  /** The route that an interface's subnet has to an address outside. */
  Optional<Hop> hop(Port port, String address) {
    return routes.getOrDefault(port.nic().subnetId(), List.of()).stream()
        .filter(hop -> hop.covers(address))
        .findFirst();
  }

  Optional<Port> port(String privateAddress) {
    return ports.stream().filter(p -> p.address().equals(privateAddress)).findFirst();
  }

  /** The rules of one direction that an interface has by its groups. */
  List<SecurityGroup.Rule> rules(Port port, boolean egress) {
    return port.nic().securityGroupIds().stream()
        .map(groups::get)
        .filter(java.util.Objects::nonNull)
        .flatMap(g -> g.rules().stream())
        .filter(r -> r.egress() == egress)
        .toList();
  }
}
