package dev.esteira.net.vpc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The nftables table of a VPC's namespace, made from its policy.
 *
 * <p>Network ACLs are asked for each packet by its own addresses. Security groups are asked for
 * each packet too, but by the first packet of its flow ({@code ct original}): so answers pass, and
 * a permission that is taken away cuts what it had let begin. A denied packet leaves its addresses
 * and the number of the reason in a set of bounded size, which costs nothing until somebody reads
 * it.
 */
final class PolicyRules {
  static final String TABLE = "esteira";
  static final String UPLINK = "up0";

  /** The sets that count what was denied. */
  static final List<String> DENIED = List.of("denied", "denied_without_ports");

  /** What the rules need to know of the house; no metadata port is 0. */
  record House(String address, int metadataPort) {}

  /** The table's text, and the reasons by number: that of number 1 stands first. */
  record Ruleset(String text, List<String> reasons) {
    Ruleset {
      reasons = List.copyOf(reasons);
    }
  }

  private final Policy policy;
  private final House house;
  private final List<String> reasons = new ArrayList<>();
  private final StringBuilder chains = new StringBuilder();
  private final RouteRules routes;

  private PolicyRules(Policy policy, House house) {
    this.policy = policy;
    this.house = house;
    this.routes = new RouteRules(policy, house.address(), this::deny);
  }

  static Ruleset of(Policy policy, House house) {
    PolicyRules rules = new PolicyRules(policy, house);
    String text = rules.text();
    return new Ruleset(text, rules.reasons);
  }

  /** The link of an interface in the namespace; at most 15 characters. */
  static String link(NetworkInterface nic) {
    return "e" + nic.id().substring(nic.id().length() - 12);
  }

  private String text() {
    String forward = forward();
    return "add table ip %s\ndelete table ip %s\ntable ip %s {\n".formatted(TABLE, TABLE, TABLE)
        + sets()
        + FIXED
        + chains
        + routes.chains()
        + new NatRules(policy, house, routes).chains()
        + guard()
        + forward
        + "}\n";
  }

  private String sets() {
    StringBuilder sets = new StringBuilder();
    policy.members().forEach((group, addresses) -> set(sets, GroupRules.set(group), addresses));
    set(sets, "privates", policy.ports().stream().map(Policy.Port::address).toList());
    set(
        sets,
        "publics",
        policy.ports().stream()
            .filter(port -> port.elastic().isPresent())
            .map(Policy.Port::address)
            .toList());
    return sets.toString();
  }

  private static void set(StringBuilder to, String name, Iterable<String> elements) {
    String joined = String.join(", ", elements);
    to.append("  set ").append(name).append(" { type ipv4_addr; ");
    to.append(joined.isEmpty() ? "" : "elements = { " + joined + " }; ").append("}\n");
  }

  static String map(Map<String, String> elements) {
    return elements.entrySet().stream()
        .map(e -> e.getKey() + " : " + e.getValue())
        .collect(Collectors.joining(", ", "{ ", " }"));
  }

  /** Who sends is told by the link; none but the gateway may speak for the outside. */
  private String guard() {
    String own =
        policy.ports().stream()
            .map(p -> "\"" + link(p.nic()) + "\" . " + p.address())
            .collect(Collectors.joining(", "));
    return """
      chain guard {
        type filter hook prerouting priority -300; policy accept;
        iifname "lo" accept
        icmp type redirect drop
        iifname "up0" ip saddr @privates drop
      OWN
      }
      chain input {
        type filter hook input priority 0; policy drop;
        iifname "lo" accept
      }
    """
        .replace(
            "OWN",
            own.isEmpty()
                ? "  iifname != \"up0\" drop"
                : "  iifname != \"up0\" iifname . ip saddr != { " + own + " } drop");
  }

  private String forward() {
    StringBuilder out = new StringBuilder();
    out.append("  chain forward {\n    type filter hook forward priority 0; policy drop;\n");
    out.append("    ct state invalid drop\n");
    always(out);
    current(out);
    new AclRules(policy, chains, this::deny).ask(out);
    out.append("    ct state related accept\n");
    new GroupRules(policy, chains, this::deny).ask(out);
    out.append(routes.asked());
    out.append("    accept\n  }\n");
    return out.toString();
  }

  /** The metadata service and the name server are never cut. */
  private void always(StringBuilder out) {
    if (house.metadataPort() != 0) {
      out.append("    ct original ip daddr 169.254.169.254 meta l4proto tcp")
          .append(" ct original proto-dst 80-80 accept\n");
    }
    out.append("    ct original ip daddr ")
        .append(NatRules.resolvers(policy).replace("}", ", " + house.address() + " }"))
        .append(" meta l4proto { tcp, udp } ct original proto-dst 53-53 accept\n");
    out.append("    ip daddr 169.254.0.0/16 meta l4proto tcp reject with tcp reset\n");
    out.append("    ip daddr 169.254.0.0/16 reject\n");
  }

  /** A flow by an address that has since been taken away, or leads elsewhere now, is over. */
  private void current(StringBuilder out) {
    TreeSet<String> bound = new TreeSet<>();
    TreeSet<String> sources = new TreeSet<>();
    for (Policy.Port port : policy.ports()) {
      String address = port.address();
      List<String> names = new ArrayList<>(List.of(address, port.nic().transitAddress()));
      port.elastic().ifPresent(names::add);
      names.stream().skip(1).forEach(name -> bound.add(name + " . " + address));
      names.addAll(policy.natAddresses(port.nic().subnetId()));
      names.forEach(name -> sources.add(address + " . " + name));
    }
    if (bound.isEmpty()) {
      out.append("    drop\n");
      return;
    }
    out.append(
            "    ct original ip saddr != @privates ct original ip daddr . ct reply ip saddr != { ")
        .append(String.join(", ", bound))
        .append(" } drop\n    ct original ip saddr @privates")
        .append(" ct original ip saddr . ct reply ip daddr != { ")
        .append(String.join(", ", sources))
        .append(" } drop\n");
    inside(out, new TreeSet<>(policy.vpc().cidrs()), Reasons.NO_INTERFACE);
    inside(out, policy.others(), Reasons.OTHER_VPC);
  }

  /** What is sent to a range of VPCs, but leaves this one; the house may lie in such a range. */
  private void inside(StringBuilder out, Set<String> ranges, String reason) {
    for (String range : ranges) {
      out.append("    oifname \"up0\" ip daddr ").append(range).append(" ip daddr != ");
      out.append(NatRules.known(policy, house))
          .append(" ct original ip saddr @privates ")
          .append(deny(reason));
      out.append('\n');
    }
  }

  private String deny(String reason) {
    int known = reasons.indexOf(reason);
    if (known < 0) {
      reasons.add(reason);
      known = reasons.size() - 1;
    }
    return "meta mark set " + (known + 1) + " goto denied";
  }

  private static final String FIXED =
      """
        set denied {
          type ipv4_addr . ipv4_addr . inet_proto . inet_service . mark
          size 4096
          flags dynamic,timeout
          counter
          timeout 1h
        }
        set denied_without_ports {
          type ipv4_addr . ipv4_addr . inet_proto . mark
          size 1024
          flags dynamic,timeout
          counter
          timeout 1h
        }
        chain denied {
          meta l4proto { tcp, udp } \
            update @denied { ip saddr . ip daddr . ip protocol . th dport . meta mark }
          meta l4proto != { tcp, udp } \
            update @denied_without_ports { ip saddr . ip daddr . ip protocol . meta mark }
          drop
        }
      """;
}
