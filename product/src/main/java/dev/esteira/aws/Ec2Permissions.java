package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.net.vpc.Cloud;
import dev.esteira.net.vpc.Groups;
import dev.esteira.net.vpc.SecurityGroup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The permissions of security groups: EC2's nested lists, and the single rules behind them. */
final class Ec2Permissions {
  private Ec2Permissions() {}

  /** What a call asks for, in its list of permissions or in the short form of its members. */
  static List<SecurityGroup.Rule> read(
      Call call, Cloud cloud, boolean egress, Map<String, String> tags) {
    List<SecurityGroup.Rule> rules = new ArrayList<>();
    for (JsonNode permission : call.input().path("IpPermissions")) {
      rules.addAll(permission(permission, cloud, egress, tags));
    }
    if (call.input().has("IpProtocol")) {
      rules.add(shortForm(call, cloud, egress, tags));
    }
    if (rules.isEmpty()) {
      throw Ec2.missing("IpPermissions");
    }
    return rules;
  }

  private static SecurityGroup.Rule shortForm(
      Call call, Cloud cloud, boolean egress, Map<String, String> tags) {
    SecurityGroup.Peer peer =
        call.optional("SourceSecurityGroupName")
            .map(name -> SecurityGroup.Peer.group(Ec2NetworkGroups.byName(cloud, name).id()))
            .orElseGet(() -> SecurityGroup.Peer.range(Ec2.text(call, "CidrIp")));
    return Groups.rule(
        egress,
        call.text("IpProtocol"),
        call.number("FromPort", -1),
        call.number("ToPort", -1),
        peer,
        Optional.empty(),
        tags);
  }

  private static List<SecurityGroup.Rule> permission(
      JsonNode permission, Cloud cloud, boolean egress, Map<String, String> tags) {
    List<SecurityGroup.Rule> rules = new ArrayList<>();
    for (JsonNode range : permission.path("IpRanges")) {
      SecurityGroup.Peer peer = SecurityGroup.Peer.range(range.path("CidrIp").asText());
      rules.add(rule(permission, egress, peer, range, tags));
    }
    for (JsonNode range : permission.path("Ipv6Ranges")) {
      SecurityGroup.Peer peer = SecurityGroup.Peer.range6(range.path("CidrIpv6").asText());
      rules.add(rule(permission, egress, peer, range, tags));
    }
    for (JsonNode pair : permission.path("UserIdGroupPairs")) {
      String id =
          pair.hasNonNull("GroupId")
              ? pair.path("GroupId").asText()
              : Ec2NetworkGroups.byName(cloud, pair.path("GroupName").asText()).id();
      rules.add(rule(permission, egress, SecurityGroup.Peer.group(id), pair, tags));
    }
    if (rules.isEmpty()) {
      throw Ec2.invalid("A permission names at least one range or security group");
    }
    return rules;
  }

  private static SecurityGroup.Rule rule(
      JsonNode permission,
      boolean egress,
      SecurityGroup.Peer peer,
      JsonNode described,
      Map<String, String> tags) {
    return Groups.rule(
        egress,
        permission.path("IpProtocol").asText("-1"),
        permission.path("FromPort").asInt(-1),
        permission.path("ToPort").asInt(-1),
        peer,
        Optional.ofNullable(described.path("Description").textValue()),
        tags);
  }

  /** The rules of one direction; those of the same protocol and ports stand together. */
  static ArrayNode json(String account, SecurityGroup group, boolean egress) {
    Map<String, ObjectNode> byPorts = new LinkedHashMap<>();
    for (SecurityGroup.Rule rule : group.rules()) {
      if (rule.egress() == egress) {
        String key = rule.protocol() + " " + rule.fromPort() + " " + rule.toPort();
        add(account, byPorts.computeIfAbsent(key, _ -> permission(rule)), rule);
      }
    }
    ArrayNode list = Json.array();
    byPorts.values().forEach(list::add);
    return list;
  }

  private static ObjectNode permission(SecurityGroup.Rule rule) {
    ObjectNode permission = Json.object();
    if (hasPorts(rule)) {
      permission.put("FromPort", rule.fromPort());
    }
    permission.put("IpProtocol", rule.protocol());
    permission.putArray("IpRanges");
    permission.putArray("Ipv6Ranges");
    permission.putArray("PrefixListIds");
    if (hasPorts(rule)) {
      permission.put("ToPort", rule.toPort());
    }
    permission.putArray("UserIdGroupPairs");
    return permission;
  }

  private static boolean hasPorts(SecurityGroup.Rule rule) {
    return List.of("tcp", "udp", "icmp", "icmpv6").contains(rule.protocol());
  }

  private static void add(String account, ObjectNode permission, SecurityGroup.Rule rule) {
    ObjectNode entry = Json.object();
    rule.description().ifPresent(text -> entry.put("Description", text));
    rule.peer()
        .cidr()
        .ifPresent(cidr -> permission.withArray("IpRanges").add(entry.put("CidrIp", cidr)));
    rule.peer()
        .cidr6()
        .ifPresent(cidr -> permission.withArray("Ipv6Ranges").add(entry.put("CidrIpv6", cidr)));
    rule.peer()
        .groupId()
        .ifPresent(id ->
            permission
                .withArray("UserIdGroupPairs")
                .add(entry.put("UserId", account).put("GroupId", id)));
  }
}
