package dev.esteira.net.vpc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes, changes and removes security groups and their rules. */
public final class Groups {
  static final int GROUPS_MAX = 2_500;
  static final int RULES_MAX = 60;
  private static final int NAME_CHARS_MAX = 255;
  private static final Set<String> NAMED = Set.of("tcp", "udp", "icmp", "icmpv6", "-1");

  private final CloudStore store;

  Groups(CloudStore store) {
    this.store = store;
  }

  private static SecurityGroup.Rule all(boolean egress, SecurityGroup.Peer peer) {
    return new SecurityGroup.Rule(
        Draft.id("sgr"), egress, "-1", -1, -1, peer, Optional.empty(), Map.of());
  }

  /** Members may speak with each other and with everybody else outwards. */
  static SecurityGroup defaultGroup(String vpcId) {
    String id = Draft.id("sg");
    return new SecurityGroup(
        id,
        vpcId,
        "default",
        "default VPC security group",
        List.of(
            all(false, SecurityGroup.Peer.group(id)),
            all(true, SecurityGroup.Peer.range("0.0.0.0/0"))),
        Map.of());
  }

  /** A rule as it is asked for; ids are given by {@link #authorize}. */
  public static SecurityGroup.Rule rule(
      boolean egress,
      String protocol,
      int fromPort,
      int toPort,
      SecurityGroup.Peer peer,
      Optional<String> description,
      Map<String, String> tags) {
    String name = protocolName(protocol);
    boolean ports = name.equals("tcp") || name.equals("udp");
    boolean icmp = name.startsWith("icmp");
    if (ports && (fromPort < 0 || toPort > 65535 || fromPort > toPort)) {
      throw CloudRefusal.invalid(
          "Invalid value '"
              + fromPort
              + "-"
              + toPort
              + "' for portRange. TCP and UDP ports run"
              + " from 0 to 65535, the lower one first.");
    }
    if (icmp && (fromPort < -1 || fromPort > 255 || toPort < -1 || toPort > 255)) {
      throw CloudRefusal.invalid("ICMP code (" + toPort + ") out of range");
    }
    peer.cidr()
        .ifPresent(cidr -> {
          if (!Range.isCanonical(cidr)) {
            throw CloudRefusal.invalid("CIDR block " + cidr + " is malformed");
          }
        });
    return new SecurityGroup.Rule(
        "",
        egress,
        name,
        ports || icmp ? fromPort : -1,
        ports || icmp ? toPort : -1,
        peer,
        description,
        tags);
  }

  private static String protocolName(String protocol) {
    String name =
        switch (protocol) {
          case "6" -> "tcp";
          case "17" -> "udp";
          case "1" -> "icmp";
          case "58" -> "icmpv6";
          case "all" -> "-1";
          default -> protocol;
        };
    if (!NAMED.contains(name) && !(name.matches("[0-9]{1,3}") && Integer.parseInt(name) <= 255)) {
      throw CloudRefusal.invalid("Invalid value '" + protocol + "' for IP protocol.");
    }
    return name;
  }

  public SecurityGroup create(
      Optional<String> vpcId, String name, String description, Map<String, String> tags) {
    if (name.startsWith("sg-") || name.isEmpty() || name.length() > NAME_CHARS_MAX) {
      throw CloudRefusal.invalid(
          "Invalid group-name '" + name + "': it has 1 to 255 characters and no sg- before them");
    }
    return store.change(draft -> {
      Vpc vpc = vpcId.map(draft::vpc).orElseGet(() -> defaultVpc(draft));
      if (name.equals("default")) {
        throw new CloudRefusal("InvalidGroup.Reserved", "The security group 'default' is reserved");
      }
      boolean taken =
          draft.groups.values().stream()
              .anyMatch(g -> g.vpcId().equals(vpc.id()) && g.name().equals(name));
      if (taken) {
        throw new CloudRefusal(
            "InvalidGroup.Duplicate",
            "The security group '" + name + "' already exists for VPC '" + vpc.id() + "'");
      }
      if (draft.groups.size() >= GROUPS_MAX) {
        throw new CloudRefusal(
            "SecurityGroupLimitExceeded",
            "The maximum number of security groups has been reached: " + GROUPS_MAX);
      }
      SecurityGroup group =
          new SecurityGroup(
              Draft.id("sg"),
              vpc.id(),
              name,
              description,
              List.of(all(true, SecurityGroup.Peer.range("0.0.0.0/0"))),
              tags);
      draft.groups.put(group.id(), group);
      return group;
    });
  }

  private static Vpc defaultVpc(Draft draft) {
    return draft.vpcs.values().stream()
        .filter(Vpc::isDefault)
        .findFirst()
        .orElseThrow(() ->
            new CloudRefusal("VPCIdNotSpecified", "No default VPC for this user. Name a VPC."));
  }

  public void delete(String id) {
    store.change(draft -> {
      SecurityGroup group = draft.group(id);
      if (group.name().equals("default")) {
        throw new CloudRefusal(
            "CannotDelete",
            "the specified group: \"" + id + "\" name: \"default\" cannot be deleted by a user");
      }
      boolean used =
          draft.interfaces.values().stream().anyMatch(i -> i.securityGroupIds().contains(id))
              || draft.admissions.values().stream().anyMatch(a -> a.securityGroupIds().contains(id))
              || draft.groups.values().stream()
                  .filter(g -> !g.id().equals(id))
                  .flatMap(g -> g.rules().stream())
                  .anyMatch(r -> r.peer().groupId().equals(Optional.of(id)));
      if (used) {
        throw CloudRefusal.dependency("resource " + id + " has a dependent object");
      }
      draft.groups.remove(id);
      return group;
    });
  }

  /** Adds the rules, all or none, and returns them with their ids. */
  public List<SecurityGroup.Rule> authorize(String groupId, List<SecurityGroup.Rule> asked) {
    return store.change(draft -> {
      SecurityGroup group = draft.group(groupId);
      List<SecurityGroup.Rule> rules = new ArrayList<>(group.rules());
      List<SecurityGroup.Rule> added = new ArrayList<>();
      for (SecurityGroup.Rule rule : asked) {
        checkPeer(draft, group, rule);
        if (rules.stream().anyMatch(rule::permitsSame)) {
          throw new CloudRefusal(
              "InvalidPermission.Duplicate",
              "the specified rule \"" + Reasons.words(rule) + "\" already exists");
        }
        SecurityGroup.Rule made = rule.withId(Draft.id("sgr"));
        rules.add(made);
        added.add(made);
      }
      for (boolean egress : List.of(false, true)) {
        if (rules.stream().filter(r -> r.egress() == egress).count() > RULES_MAX) {
          throw new CloudRefusal(
              "RulesPerSecurityGroupLimitExceeded",
              "The maximum number of rules per security group has been reached: " + RULES_MAX);
        }
      }
      draft.groups.put(groupId, group.withRules(rules));
      return added;
    });
  }

  private static void checkPeer(Draft draft, SecurityGroup group, SecurityGroup.Rule rule) {
    rule.peer()
        .groupId()
        .ifPresent(id -> {
          if (!draft.group(id).vpcId().equals(group.vpcId())) {
            throw new CloudRefusal(
                "InvalidGroup.NotFound",
                "You have specified two resources that belong to different networks.");
          }
        });
  }

  /** Removes the rules that permit the same as these; one that is not there refuses all. */
  public List<SecurityGroup.Rule> revoke(String groupId, List<SecurityGroup.Rule> asked) {
    return store.change(draft -> {
      SecurityGroup group = draft.group(groupId);
      List<SecurityGroup.Rule> rules = new ArrayList<>(group.rules());
      List<SecurityGroup.Rule> gone = new ArrayList<>();
      for (SecurityGroup.Rule rule : asked) {
        SecurityGroup.Rule found =
            rules.stream()
                .filter(rule::permitsSame)
                .findFirst()
                .orElseThrow(() ->
                    new CloudRefusal(
                        "InvalidPermission.NotFound",
                        "The specified rule does not exist in this security group."));
        rules.remove(found);
        gone.add(found);
      }
      draft.groups.put(groupId, group.withRules(rules));
      return gone;
    });
  }

  /** The same by the rules' ids. */
  public List<SecurityGroup.Rule> revokeById(String groupId, boolean egress, List<String> ids) {
    return store.change(draft -> {
      SecurityGroup group = draft.group(groupId);
      List<SecurityGroup.Rule> gone = ids.stream().map(id -> rule(group, egress, id)).toList();
      draft.groups.put(
          groupId, group.withRules(group.rules().stream().filter(r -> !gone.contains(r)).toList()));
      return gone;
    });
  }

  private static SecurityGroup.Rule rule(SecurityGroup group, boolean egress, String id) {
    return group.rules().stream()
        .filter(r -> r.id().equals(id) && r.egress() == egress)
        .findFirst()
        .orElseThrow(() -> noRule(id));
  }

  static CloudRefusal noRule(String id) {
    return new CloudRefusal(
        "InvalidSecurityGroupRuleId.NotFound",
        "The security group rule ID '" + id + "' does not exist");
  }

  /** Gives rules that permit the same as these the descriptions of these. */
  public void describe(String groupId, List<SecurityGroup.Rule> asked) {
    store.change(draft -> {
      SecurityGroup group = draft.group(groupId);
      List<SecurityGroup.Rule> rules = new ArrayList<>(group.rules());
      for (SecurityGroup.Rule rule : asked) {
        if (rules.stream().noneMatch(rule::permitsSame)) {
          throw new CloudRefusal(
              "InvalidPermission.NotFound",
              "The specified rule does not exist in this security group.");
        }
        rules.replaceAll(r -> rule.permitsSame(r) ? r.withDescription(rule.description()) : r);
      }
      draft.groups.put(groupId, group.withRules(rules));
      return group;
    });
  }

  /** Puts the rule in the place of the one with the id, which keeps its id and tags. */
  public void replace(String groupId, String ruleId, SecurityGroup.Rule asked) {
    store.change(draft -> {
      SecurityGroup group = draft.group(groupId);
      SecurityGroup.Rule old = rule(group, asked.egress(), ruleId);
      checkPeer(draft, group, asked);
      List<SecurityGroup.Rule> rules = new ArrayList<>(group.rules());
      rules.replaceAll(r -> r.equals(old) ? asked.withId(ruleId).withTags(old.tags()) : r);
      draft.groups.put(groupId, group.withRules(rules));
      return group;
    });
  }
}
