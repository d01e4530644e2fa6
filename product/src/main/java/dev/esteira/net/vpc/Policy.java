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

/**
 * What one VPC lets through, as a value that follows from the cloud alone. The rules in the kernel
 * ({@link PolicyRules}) and the explanations ({@link Explanation}) are both read off it, so that
 * they cannot differ in what they start from.
 *
 * @param members by group, the addresses that count as its members in this VPC
 */
record Policy(
    Vpc vpc,
    List<Port> ports,
    Map<String, SecurityGroup> groups,
    Map<String, Set<String>> members,
    Map<String, NetworkAcl> acls,
    Map<String, Subnet> subnets,
    Map<String, List<Hop>> routes) {
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

  /** A route out of the VPC, the longest prefixes first; {@code open}: whether it leads on. */
  record Hop(String destination, String target, boolean open, String table) {}

  Policy {
    ports = List.copyOf(ports);
    groups = Collections.unmodifiableMap(new TreeMap<>(groups));
    members = Collections.unmodifiableMap(new TreeMap<>(members));
    acls = Collections.unmodifiableMap(new TreeMap<>(acls));
    subnets = Collections.unmodifiableMap(new TreeMap<>(subnets));
    routes = Collections.unmodifiableMap(new TreeMap<>(routes));
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
                  acl.id(), vpc.id(), acl.isDefault(), acl.entries(), List.of(), Map.of()));
          routes.put(s.id(), hops(cloud, cloud.routesOf(s)));
        });
    return new Policy(
        vpc.withTags(Map.of()), ports, groups, members(cloud, ports), acls, subnets, routes);
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

  private static List<Hop> hops(Cloud cloud, RouteTable table) {
    List<RouteTable.Route> routes = new ArrayList<>(table.routes());
    routes.sort(
        Comparator.comparingInt((RouteTable.Route r) -> -Range.parse(r.destination()).prefix())
            .thenComparing(RouteTable.Route::destination));
    return routes.stream()
        .map(r -> new Hop(r.destination(), r.target(), cloud.leads(table, r), table.id()))
        .toList();
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
