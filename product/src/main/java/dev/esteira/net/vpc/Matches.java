package dev.esteira.net.vpc;

import java.util.function.UnaryOperator;

/** The words of nftables for what a rule, an entry or a route matches; each ends in a blank. */
final class Matches {
  private Matches() {}

  /** A range of addresses; nothing for all. */
  static String range(String field, String cidr) {
    return Range.parse(cidr).equals(Range.ALL) ? "" : field + " " + cidr + " ";
  }

  /** A packet, by its own header. */
  static String packet(NetworkAcl.Entry entry) {
    String address = range(entry.egress() ? "ip daddr" : "ip saddr", entry.cidr());
    return address
        + switch (entry.protocol()) {
          case -1 -> "";
          case 1 -> "meta l4proto icmp " + icmp(entry);
          case 6, 17 -> "meta l4proto " + entry.protocol() + " " + ports(entry);
          default -> "meta l4proto " + entry.protocol() + " ";
        };
  }

  private static String icmp(NetworkAcl.Entry entry) {
    return (entry.fromPort() < 0 ? "" : "icmp type " + entry.fromPort() + " ")
        + (entry.fromPort() < 0 || entry.toPort() < 0 ? "" : "icmp code " + entry.toPort() + " ");
  }

  private static String ports(NetworkAcl.Entry entry) {
    boolean all = entry.fromPort() <= 0 && (entry.toPort() >= 65535 || entry.toPort() < 0);
    return all ? "" : "th dport " + span(entry.fromPort(), entry.toPort()) + " ";
  }

  /** Always two numbers: nft takes a single one in too few places. */
  private static String span(int from, int to) {
    return from + "-" + to;
  }

  /** A flow, by its first packet; {@code sets} gives a group's set of members. */
  static String flow(SecurityGroup.Rule rule, UnaryOperator<String> sets) {
    // The far side: who began it, or who answers after every translation.
    String field = rule.egress() ? "ct reply ip saddr" : "ct original ip saddr";
    String peer =
        rule.peer()
            .groupId()
            .map(id -> field + " @" + sets.apply(id) + " ")
            .orElseGet(() -> range(field, rule.peer().cidr().orElse("0.0.0.0/0")));
    return peer + protocol(rule);
  }

  private static String protocol(SecurityGroup.Rule rule) {
    return switch (rule.protocol()) {
      case "-1" -> "";
      case "icmp" -> "meta l4proto icmp " + icmp(rule);
      case "tcp", "udp" -> {
        boolean all = rule.fromPort() <= 0 && (rule.toPort() >= 65535 || rule.toPort() < 0);
        String ports =
            all ? "" : "ct original proto-dst " + span(rule.fromPort(), rule.toPort()) + " ";
        yield "meta l4proto " + rule.protocol() + " " + ports;
      }
      default -> "meta l4proto " + rule.protocol() + " ";
    };
  }

  /** Connection tracking keeps type and code of an echo where others have their port. */
  private static String icmp(SecurityGroup.Rule rule) {
    if (rule.fromPort() < 0) {
      return "";
    }
    int type = rule.fromPort() << 8;
    return "ct original proto-dst "
        + (rule.toPort() < 0
            ? span(type, type + 255)
            : span(type + rule.toPort(), type + rule.toPort()))
        + " ";
  }
}
