package dev.esteira.net.vpc;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * How a VPC's firewall asks the network ACLs: for what leaves a subnet, and for what enters one.
 */
final class AclRules {
  private final Policy policy;
  private final StringBuilder chains;
  private final UnaryOperator<String> deny;
  private final Set<String> made = new HashSet<>();

  /** {@code chains} takes those that are jumped to; {@code deny} is the verdict for a reason. */
  AclRules(Policy policy, StringBuilder chains, UnaryOperator<String> deny) {
    this.policy = policy;
    this.chains = chains;
    this.deny = deny;
  }

  void ask(StringBuilder out) {
    Map<String, String> leaving = new TreeMap<>();
    Map<String, String> coming = new TreeMap<>();
    for (Subnet subnet : policy.subnets().values()) {
      if (policy.ports().stream().noneMatch(p -> p.nic().subnetId().equals(subnet.id()))) {
        continue;
      }
      NetworkAcl acl = policy.acls().get(subnet.id());
      if (acl == null) {
        continue;
      }
      String name = subnet.id().substring("subnet-".length());
      chains.append(
          "  chain leave_%s {\n    ip daddr %s return\n    goto %s\n  }\n"
              .formatted(name, subnet.cidr(), acl(acl, true)));
      chains.append(
          "  chain enter_%s {\n    ip saddr %s return\n    goto %s\n  }\n"
              .formatted(name, subnet.cidr(), acl(acl, false)));
      leaving.put(subnet.cidr(), "jump leave_" + name);
      coming.put(subnet.cidr(), "jump enter_" + name);
    }
    if (!leaving.isEmpty()) {
      out.append("    iifname != \"up0\" ip saddr vmap ")
          .append(PolicyRules.map(leaving))
          .append('\n');
      out.append("    oifname != \"up0\" ip daddr vmap ")
          .append(PolicyRules.map(coming))
          .append('\n');
    }
  }

  /** The name of the chain of an ACL's direction, made at the first use. */
  private String acl(NetworkAcl acl, boolean egress) {
    String name = "acl_" + acl.id().substring("acl-".length()) + (egress ? "_out" : "_in");
    if (made.add(name)) {
      StringBuilder chain = new StringBuilder("  chain " + name + " {\n");
      for (NetworkAcl.Entry entry : acl.entries()) {
        if (entry.egress() == egress) {
          chain.append("    ").append(Matches.packet(entry));
          chain.append(entry.allow() ? "return" : deny.apply(Reasons.entry(acl, egress, entry)));
          chain.append('\n');
        }
      }
      chain.append("    ").append(deny.apply(Reasons.noEntry(acl, egress))).append("\n  }\n");
      chains.append(chain);
    }
    return name;
  }
}
