package dev.esteira.net.vpc;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A stateful filter of interfaces: what no rule allows is denied. */
public record SecurityGroup(
    String id,
    String vpcId,
    String name,
    String description,
    List<Rule> rules,
    Map<String, String> tags) {
  public SecurityGroup {
    rules = List.copyOf(rules);
    tags = Map.copyOf(tags);
  }

  /**
   * A permission.
   *
   * @param protocol tcp, udp, icmp, another protocol's number, or -1 for all
   * @param fromPort for icmp the type, -1 for all
   * @param toPort for icmp the code, -1 for all
   */
  public record Rule(
      String id,
      boolean egress,
      String protocol,
      int fromPort,
      int toPort,
      Peer peer,
      Optional<String> description,
      Map<String, String> tags) {
    public Rule {
      tags = Map.copyOf(tags);
    }

    Rule withId(String next) {
      return new Rule(next, egress, protocol, fromPort, toPort, peer, description, tags);
    }

    Rule withTags(Map<String, String> next) {
      return new Rule(id, egress, protocol, fromPort, toPort, peer, description, next);
    }

    Rule withDescription(Optional<String> next) {
      return new Rule(id, egress, protocol, fromPort, toPort, peer, next, tags);
    }

    /** Whether both permit the same: the id, the words and the tags do not count. */
    boolean permitsSame(Rule other) {
      return egress == other.egress
          && protocol.equals(other.protocol)
          && fromPort == other.fromPort
          && toPort == other.toPort
          && peer.equals(other.peer);
    }
  }

  /** The other side of a permission: a range, of IPv4 or IPv6, or the members of a group. */
  public record Peer(Optional<String> cidr, Optional<String> cidr6, Optional<String> groupId) {
    public static Peer range(String cidr) {
      return new Peer(Optional.of(cidr), Optional.empty(), Optional.empty());
    }

    public static Peer range6(String cidr) {
      return new Peer(Optional.empty(), Optional.of(cidr), Optional.empty());
    }

    public static Peer group(String id) {
      return new Peer(Optional.empty(), Optional.empty(), Optional.of(id));
    }
  }

  SecurityGroup withTags(Map<String, String> next) {
    return new SecurityGroup(id, vpcId, name, description, rules, next);
  }

  SecurityGroup withRules(List<Rule> next) {
    return new SecurityGroup(id, vpcId, name, description, next, tags);
  }
}
