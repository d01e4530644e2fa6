package dev.esteira.net.vpc;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * How a VPC's firewall asks the security groups, by the first packet of a flow: those of who began
 * it, and those of who was asked. Interfaces of the same groups share a chain.
 */
final class GroupRules {
  private final Policy policy;
  private final StringBuilder chains;
  private final UnaryOperator<String> deny;

  /** {@code chains} takes those that are jumped to; {@code deny} is the verdict for a reason. */
  GroupRules(Policy policy, StringBuilder chains, UnaryOperator<String> deny) {
    this.policy = policy;
    this.chains = chains;
    this.deny = deny;
  }

  /** The set that holds a group's members. */
  static String set(String groupId) {
    return "members_" + groupId.substring("sg-".length());
  }

  void ask(StringBuilder out) {
    Map<String, String> outward = new TreeMap<>();
    Map<String, String> inward = new TreeMap<>();
    Map<List<String>, String> numbers = new LinkedHashMap<>();
    for (Policy.Port port : policy.ports()) {
      List<String> ids = port.nic().securityGroupIds();
      String known = numbers.get(ids);
      if (known == null) {
        known = "groups_" + (numbers.size() + 1);
        numbers.put(ids, known);
        groupChain(known + "_out", port, true);
        groupChain(known + "_in", port, false);
      }
      outward.put(port.address(), "jump " + known + "_out");
      inward.put(port.address(), "jump " + known + "_in");
    }
    if (!outward.isEmpty()) {
      out.append("    ct original ip saddr vmap ").append(PolicyRules.map(outward)).append('\n');
      out.append("    ct reply ip saddr vmap ").append(PolicyRules.map(inward)).append('\n');
    }
  }

  private void groupChain(String name, Policy.Port port, boolean egress) {
    StringBuilder chain = new StringBuilder("  chain " + name + " {\n");
    for (SecurityGroup.Rule rule : policy.rules(port, egress)) {
      if (rule.peer().cidr6().isEmpty() && hasMembers(rule)) {
        chain.append("    ").append(Matches.flow(rule, GroupRules::set)).append("return\n");
      }
    }
    chain.append("    ").append(deny.apply(Reasons.noRule(port, egress))).append("\n  }\n");
    chains.append(chain);
  }

  private boolean hasMembers(SecurityGroup.Rule rule) {
    return rule.peer().groupId().map(policy.members()::containsKey).orElse(true);
  }
}
