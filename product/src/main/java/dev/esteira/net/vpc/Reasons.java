package dev.esteira.net.vpc;

/** Why a packet was denied, in words; the kernel's rules and the explanations say the same. */
final class Reasons {
  private Reasons() {}

  static final String NO_INTERFACE = "no interface has this address";
  static final String OTHER_VPC = "the address is another VPC's, and VPCs do not see each other";

  static String entry(NetworkAcl acl, boolean egress, NetworkAcl.Entry entry) {
    return "network ACL %s, %s entry %d (%s)"
        .formatted(acl.id(), way(egress), entry.number(), entry.allow() ? "allow" : "deny");
  }

  static String noEntry(NetworkAcl acl, boolean egress) {
    return "network ACL %s, %s entry * (no entry matches)".formatted(acl.id(), way(egress));
  }

  /** The rule that allowed, and the group that has it. */
  static String rule(Policy policy, SecurityGroup.Rule rule) {
    String group =
        policy.groups().values().stream()
            .filter(g -> g.rules().contains(rule))
            .map(SecurityGroup::id)
            .findFirst()
            .orElse("a security group");
    return "security group %s, %s rule %s (%s)"
        .formatted(group, way(rule.egress()), rule.id(), words(rule));
  }

  static String noRule(Policy.Port port, boolean egress) {
    return "no %s rule of %s allows it"
        .formatted(
            way(egress),
            port.nic().securityGroupIds().isEmpty()
                ? "no security group"
                : "security group " + String.join(", ", port.nic().securityGroupIds()));
  }

  static String open(Policy.Hop hop) {
    return "route table %s: %s -> %s".formatted(hop.table(), hop.destination(), hop.target());
  }

  static String closed(Policy.Hop hop, Policy.Way.Closed way) {
    return leads(hop) + ", which is " + way.why();
  }

  static String noPublicAddress(Policy.Hop hop) {
    return leads(hop) + ", which passes interfaces with a public address alone";
  }

  static String answersByNat(Policy.Hop hop) {
    return leads(hop) + ", which passes calls but no answers";
  }

  private static String leads(Policy.Hop hop) {
    return "route table %s: %s leads to %s".formatted(hop.table(), hop.destination(), hop.target());
  }

  static String noRoute(Subnet subnet) {
    return "the route table of " + subnet.id() + " has no route there";
  }

  /** A permission in words. */
  static String words(SecurityGroup.Rule rule) {
    String peer =
        rule.peer()
            .groupId()
            .or(() -> rule.peer().cidr())
            .or(() -> rule.peer().cidr6())
            .orElse("nobody");
    String protocol = rule.protocol().equals("-1") ? "all" : rule.protocol();
    String ports =
        switch (rule.protocol()) {
          case "tcp", "udp" ->
              " "
                  + (rule.fromPort() == rule.toPort()
                      ? String.valueOf(rule.fromPort())
                      : rule.fromPort() + "-" + rule.toPort());
          case "icmp" -> rule.fromPort() < 0 ? "" : " type " + rule.fromPort();
          default -> "";
        };
    return "%s%s %s %s".formatted(protocol, ports, rule.egress() ? "to" : "from", peer);
  }

  private static String way(boolean egress) {
    return egress ? "egress" : "ingress";
  }
}
