package dev.esteira.net.vpc;

import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * By which addresses interfaces of a VPC are known outside it, and what they find at fixed ones.
 */
final class NatRules {
  private final Policy policy;
  private final PolicyRules.House house;
  private final RouteRules routes;

  NatRules(Policy policy, PolicyRules.House house, RouteRules routes) {
    this.policy = policy;
    this.house = house;
    this.routes = routes;
  }

  /** The chains of addresses on the way in and out. */
  String chains() {
    Map<String, String> in = new TreeMap<>();
    Map<String, String> known = new TreeMap<>();
    Map<String, String> seen = new TreeMap<>();
    for (Policy.Port port : policy.ports()) {
      in.put(port.nic().transitAddress(), port.address());
      port.elastic().ifPresent(elastic -> in.put(elastic, port.address()));
      known.put(port.address(), port.nic().transitAddress());
      seen.put(port.address(), port.outside());
    }
    String metadata =
        house.metadataPort() == 0
            ? ""
            : "    iifname != \"up0\" ip daddr 169.254.169.254 tcp dport 80 dnat to %s:%d\n"
                .formatted(house.address(), house.metadataPort());
    return "  chain arriving {\n    type nat hook prerouting priority -100; policy accept;\n"
        + metadata
        + "    iifname != \"up0\" ip daddr %s meta l4proto { tcp, udp } th dport 53 dnat to %s\n"
            .formatted(resolvers(policy), house.address())
        + (in.isEmpty()
            ? ""
            : "    iifname \"up0\" dnat to ip daddr map " + PolicyRules.map(in) + "\n")
        + "  }\n  chain leaving {\n    type nat hook postrouting priority 100; policy accept;\n"
        + (known.isEmpty()
            ? ""
            : "    oifname \"up0\" ip daddr "
                + known(policy, house)
                + " snat to ip saddr map "
                + PolicyRules.map(known)
                + "\n"
                + routes.translations()
                + "    oifname \"up0\" snat to ip saddr map "
                + PolicyRules.map(seen)
                + "\n")
        + "  }\n";
  }

  /** Where interfaces are known by their transit addresses. */
  static String known(Policy policy, PolicyRules.House house) {
    TreeSet<String> addresses = new TreeSet<>(policy.inner());
    addresses.add(house.address());
    return "{ " + String.join(", ", addresses) + " }";
  }

  /** Where AWS has a VPC's name server: at a fixed address, and two after the VPC's first. */
  static String resolvers(Policy policy) {
    TreeSet<String> addresses = new TreeSet<>();
    addresses.add("169.254.169.253");
    policy.vpc().cidrs().forEach(c -> addresses.add(Range.text(Range.parse(c).base() + 2)));
    return "{ " + String.join(", ", addresses) + " }";
  }
}
