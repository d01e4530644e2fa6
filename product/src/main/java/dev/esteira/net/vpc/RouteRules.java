package dev.esteira.net.vpc;

import dev.esteira.net.vpc.Policy.Way;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The part of {@link PolicyRules} about route tables: where packets may leave, and as whose. */
final class RouteRules {
  private final Policy policy;
  private final String house;
  private final UnaryOperator<String> deny;

  /** {@code deny} makes of a reason the words that drop a packet for it. */
  RouteRules(Policy policy, String house, UnaryOperator<String> deny) {
    this.policy = policy;
    this.house = house;
    this.deny = deny;
  }

  private static String name(String kind, Subnet subnet) {
    return kind + "_" + subnet.id().substring("subnet-".length());
  }

  private List<Policy.Hop> hops(Subnet subnet) {
    return policy.routes().getOrDefault(subnet.id(), List.of());
  }

  private boolean translates(Subnet subnet) {
    return !policy.natAddresses(subnet.id()).isEmpty();
  }

  /** The chains that {@link #asked} and {@link #translations} jump to. */
  String chains() {
    StringBuilder chains = new StringBuilder();
    for (Subnet subnet : policy.subnets().values()) {
      chains.append("  chain ").append(name("routes", subnet)).append(" {\n");
      hops(subnet).forEach(hop -> ask(chains, hop));
      chains.append("    ").append(deny.apply(Reasons.noRoute(subnet))).append("\n  }\n");
      if (translates(subnet)) {
        chains.append("  chain ").append(name("nat", subnet)).append(" {\n");
        hops(subnet).forEach(hop -> translate(chains, hop));
        chains.append("  }\n");
      }
    }
    return chains.toString();
  }

  private static String to(Policy.Hop hop) {
    return "    " + Matches.range("ip daddr", hop.destination());
  }

  private void ask(StringBuilder chain, Policy.Hop hop) {
    switch (hop.way()) {
      case Way.Gateway _ -> {
        if (hop.covers(house)) {
          chain.append("    ip daddr ").append(house).append(" return\n");
        }
        chain.append(to(hop)).append("ip saddr @publics return\n");
        chain.append(to(hop)).append(deny.apply(Reasons.noPublicAddress(hop)));
      }
      case Way.Nat _ -> {
        chain.append(to(hop)).append("ct direction original return\n");
        chain.append(to(hop)).append(deny.apply(Reasons.answersByNat(hop)));
      }
      case Way.Closed closed ->
          chain.append(to(hop)).append(deny.apply(Reasons.closed(hop, closed)));
    }
    chain.append('\n');
  }

  private static void translate(StringBuilder chain, Policy.Hop hop) {
    String verdict = hop.way() instanceof Way.Nat nat ? "snat to " + nat.address() : "return";
    chain.append(to(hop)).append(verdict).append('\n');
  }

  /** What leaves by a NAT gateway is seen by its address. */
  String translations() {
    Map<String, String> bySubnet = new TreeMap<>();
    for (Subnet subnet : policy.subnets().values()) {
      if (translates(subnet)) {
        bySubnet.put(subnet.cidr(), "jump " + name("nat", subnet));
      }
    }
    return bySubnet.isEmpty()
        ? ""
        : "    oifname \"up0\" ip saddr vmap " + PolicyRules.map(bySubnet) + "\n";
  }

  /** Asked for what leaves by an interface's own wish, and for answers to its elastic address. */
  String asked() {
    Map<String, String> bySubnet = new TreeMap<>();
    policy.subnets().values().forEach(s -> bySubnet.put(s.cidr(), "jump " + name("routes", s)));
    if (bySubnet.isEmpty()) {
      return "";
    }
    StringBuilder out = new StringBuilder();
    if (!policy.inner().isEmpty()) {
      String inner = String.join(", ", policy.inner());
      out.append("    oifname \"up0\" ip daddr { ").append(inner).append(" } accept\n");
    }
    String vmap = " ip saddr vmap " + PolicyRules.map(bySubnet) + "\n";
    out.append("    oifname \"up0\" ct direction original").append(vmap);
    String elastics =
        policy.ports().stream()
            .flatMap(p -> p.elastic().stream())
            .collect(Collectors.joining(", "));
    if (!elastics.isEmpty()) {
      out.append("    oifname \"up0\" ct direction reply ct original ip daddr { ");
      out.append(elastics).append(" }").append(vmap);
    }
    return out.toString();
  }
}
