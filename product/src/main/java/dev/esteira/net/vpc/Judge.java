package dev.esteira.net.vpc;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/** What the rules of one VPC say of one packet; the words for {@link Explanation}. */
final class Judge {
  // What Linux takes for clients; others begin lower, at 1024.
  private static final int EPHEMERAL_FROM = 32_768;
  private static final int EPHEMERAL_TO = 60_999;

  /** Yes or no, and the rule that said so. */
  record Verdict(boolean allowed, String rule) {}

  /** A packet as a stateless filter sees it: from one port to another, or an ICMP type. */
  record Packet(String protocol, int portFrom, int portTo, int icmpType) {
    static Packet towards(String protocol, int port) {
      return new Packet(protocol, port, port, 8);
    }

    static Packet back(String protocol, int sourcePort) {
      return sourcePort == 0
          ? new Packet(protocol, EPHEMERAL_FROM, EPHEMERAL_TO, 0)
          : new Packet(protocol, sourcePort, sourcePort, 0);
    }

    int number() {
      return switch (protocol) {
        case "tcp" -> 6;
        case "udp" -> 17;
        default -> 1;
      };
    }
  }

  private final Policy policy;
  private final String house;

  /** {@code house}: the address of the doors. */
  Judge(Policy policy, String house) {
    this.policy = policy;
    this.house = house;
  }

  /** The groups of an interface about a flow with {@code peer} as the other side. */
  Verdict groups(Policy.Port port, boolean egress, String peer, String protocol, int number) {
    for (SecurityGroup.Rule rule : policy.rules(port, egress)) {
      if (matches(rule, peer, protocol, number)) {
        return new Verdict(true, Reasons.rule(policy, rule));
      }
    }
    return new Verdict(false, Reasons.noRule(port, egress));
  }

  private boolean matches(SecurityGroup.Rule rule, String peer, String protocol, int number) {
    boolean ports =
        switch (rule.protocol()) {
          case "-1" -> true;
          case "tcp", "udp" ->
              rule.protocol().equals(protocol)
                  && number >= rule.fromPort()
                  && number <= rule.toPort();
          case "icmp" ->
              protocol.equals("icmp")
                  && (rule.fromPort() < 0 || rule.fromPort() == 8)
                  && (rule.toPort() <= 0);
          default -> false;
        };
    boolean who =
        rule.peer()
            .groupId()
            .map(id -> policy.members().getOrDefault(id, Set.of()).contains(peer))
            .orElseGet(() ->
                rule.peer()
                    .cidr()
                    .map(cidr -> Range.parse(cidr).contains(Range.address(peer)))
                    .orElse(false));
    return ports && who;
  }

  /** The ACL of the interface's subnet; empty within the subnet, where none is asked. */
  Optional<Verdict> acl(Policy.Port port, boolean egress, String peer, Packet packet) {
    Subnet subnet = policy.subnets().get(port.nic().subnetId());
    NetworkAcl acl = policy.acls().get(port.nic().subnetId());
    if (subnet == null || acl == null || Range.parse(subnet.cidr()).contains(Range.address(peer))) {
      return Optional.empty();
    }
    int from = packet.portFrom();
    for (NetworkAcl.Entry entry : acl.entries()) {
      if (entry.egress() != egress || !concerns(entry, peer, packet)) {
        continue;
      }
      int low = hasPorts(entry) ? Math.max(entry.fromPort(), from) : from;
      int high = hasPorts(entry) ? Math.min(entry.toPort(), packet.portTo()) : packet.portTo();
      if (low > high) {
        continue;
      }
      Verdict verdict =
          new Verdict(entry.allow(), Reasons.entry(acl, egress, entry) + part(packet, low, high));
      if (!entry.allow() || (low <= from && high >= packet.portTo())) {
        return Optional.of(verdict);
      }
      if (low <= from) {
        // The lower ports are allowed; the rest is left to the entries that follow.
        from = high + 1;
      }
    }
    return Optional.of(
        new Verdict(false, Reasons.noEntry(acl, egress) + part(packet, from, packet.portTo())));
  }

  private static boolean hasPorts(NetworkAcl.Entry entry) {
    return entry.protocol() == 6 || entry.protocol() == 17;
  }

  private static boolean concerns(NetworkAcl.Entry entry, String peer, Packet packet) {
    boolean icmp =
        entry.protocol() != 1
            || entry.fromPort() < 0
            || (entry.fromPort() == packet.icmpType() && entry.toPort() <= 0);
    return (entry.protocol() == -1 || entry.protocol() == packet.number())
        && icmp
        && Range.parse(entry.cidr()).contains(Range.address(peer));
  }

  /** Which ports, where the answer may go to many. */
  private static String part(Packet packet, int low, int high) {
    return packet.number() != 1 && packet.portFrom() != packet.portTo()
        ? " for ports " + low + "-" + high
        : "";
  }

  /**
   * The route of the interface's subnet to an address outside. {@code answering}: for what answers
   * calls to the interface's public address.
   */
  Verdict route(Policy.Port port, String address, boolean answering) {
    if (policy.inner().contains(address)) {
      return new Verdict(true, address + " is a load balancer inside the VPC");
    }
    if (!answering && !address.equals(house) && isIn(policy.vpc().cidrs(), address)) {
      return new Verdict(false, Reasons.NO_INTERFACE);
    }
    if (!answering && !address.equals(house) && isIn(policy.others(), address)) {
      return new Verdict(false, Reasons.OTHER_VPC);
    }
    Optional<Policy.Hop> found = policy.hop(port, address);
    if (found.isEmpty()) {
      Subnet subnet = policy.subnets().get(port.nic().subnetId());
      return new Verdict(false, subnet == null ? "the subnet is gone" : Reasons.noRoute(subnet));
    }
    Policy.Hop hop = found.get();
    return switch (hop.way()) {
      case Policy.Way.Gateway _ ->
          port.elastic().isPresent() || address.equals(house)
              ? new Verdict(true, Reasons.open(hop))
              : new Verdict(false, Reasons.noPublicAddress(hop));
      case Policy.Way.Nat _ ->
          answering
              ? new Verdict(false, Reasons.answersByNat(hop))
              : new Verdict(true, Reasons.open(hop));
      case Policy.Way.Closed closed -> new Verdict(false, Reasons.closed(hop, closed));
    };
  }

  private static boolean isIn(Collection<String> ranges, String address) {
    return ranges.stream().anyMatch(r -> Range.parse(r).contains(Range.address(address)));
  }

  /** As whom an address outside sees the interface. */
  String seenAs(Policy.Port port, String address) {
    if (address.equals(house) || policy.inner().contains(address)) {
      return port.nic().transitAddress();
    }
    return policy
        .hop(port, address)
        .map(hop -> hop.way() instanceof Policy.Way.Nat nat ? nat.address() : port.outside())
        .orElseGet(port::outside);
  }
}
