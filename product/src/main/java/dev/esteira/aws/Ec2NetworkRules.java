package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.net.vpc.Clouds;
import dev.esteira.net.vpc.Groups;
import dev.esteira.net.vpc.SecurityGroup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Single rules of security groups in EC2's words. */
final class Ec2NetworkRules {
  private record Owned(SecurityGroup group, SecurityGroup.Rule rule) {}

  private static final Filters<Owned> FILTERS =
      new Filters<Owned>(owned -> owned.rule().tags())
          .one("group-id", owned -> owned.group().id())
          .one("security-group-rule-id", owned -> owned.rule().id());

  private final Clouds clouds;
  private final String account;

  Ec2NetworkRules(Clouds clouds, String account) {
    this.clouds = clouds;
    this.account = account;
  }

  void addTo(Map<String, Operation> operations) {
    operations.put("DescribeSecurityGroupRules", this::describe);
    operations.put("AuthorizeSecurityGroupIngress", call -> authorize(call, false));
    operations.put("AuthorizeSecurityGroupEgress", call -> authorize(call, true));
    operations.put("RevokeSecurityGroupIngress", call -> revoke(call, false));
    operations.put("RevokeSecurityGroupEgress", call -> revoke(call, true));
    operations.put(
        "UpdateSecurityGroupRuleDescriptionsIngress", call -> describeRules(call, false));
    operations.put("UpdateSecurityGroupRuleDescriptionsEgress", call -> describeRules(call, true));
    operations.put("ModifySecurityGroupRules", this::modify);
  }

  private ObjectNode describe(Call call) {
    List<Owned> all = new ArrayList<>();
    clouds.now().groups().values().stream()
        .sorted(Comparator.comparing(SecurityGroup::id))
        .forEach(group -> group.rules().forEach(rule -> all.add(new Owned(group, rule))));
    List<String> ids = call.texts("SecurityGroupRuleIds");
    for (String id : ids) {
      if (all.stream().noneMatch(owned -> owned.rule().id().equals(id))) {
        throw Ec2Missing.rule(id);
      }
    }
    List<Owned> found =
        FILTERS.apply(call, all).stream()
            .filter(owned -> ids.isEmpty() || ids.contains(owned.rule().id()))
            .toList();
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("SecurityGroupRules");
    for (Owned owned : Ec2.page(call, found, answer)) {
      list.add(shown(call, owned.group().id(), owned.rule()));
    }
    return answer;
  }

  private ObjectNode shown(Call call, String groupId, SecurityGroup.Rule rule) {
    ObjectNode shown = Json.object();
    shown.put("SecurityGroupRuleId", rule.id()).put("GroupId", groupId);
    shown.put("GroupOwnerId", account).put("IsEgress", rule.egress());
    shown.put("IpProtocol", rule.protocol());
    shown.put("FromPort", rule.fromPort()).put("ToPort", rule.toPort());
    rule.peer().cidr().ifPresent(cidr -> shown.put("CidrIpv4", cidr));
    rule.peer().cidr6().ifPresent(cidr -> shown.put("CidrIpv6", cidr));
    rule.peer()
        .groupId()
        .ifPresent(
            id -> shown.putObject("ReferencedGroupInfo").put("GroupId", id).put("UserId", account));
    rule.description().ifPresent(text -> shown.put("Description", text));
    shown.set("Tags", Ec2Tags.json(rule.tags()));
    return shown.put(
        "SecurityGroupRuleArn",
        Arns.ec2(call.caller().region(), account, "security-group-rule/" + rule.id()));
  }

  private ObjectNode authorize(Call call, boolean egress) {
    String groupId = Ec2NetworkGroups.id(clouds, call);
    List<SecurityGroup.Rule> added =
        clouds
            .groups()
            .authorize(
                groupId,
                Ec2Permissions.read(
                    call, clouds.now(), egress, Ec2Tags.specified(call, "security-group-rule")));
    ObjectNode answer = Json.object().put("Return", true);
    ArrayNode list = answer.putArray("SecurityGroupRules");
    added.forEach(rule -> list.add(shown(call, groupId, rule)));
    return answer;
  }

  private ObjectNode revoke(Call call, boolean egress) {
    String groupId = Ec2NetworkGroups.id(clouds, call);
    List<String> ids = call.texts("SecurityGroupRuleIds");
    List<SecurityGroup.Rule> gone =
        ids.isEmpty()
            ? clouds
                .groups()
                .revoke(groupId, Ec2Permissions.read(call, clouds.now(), egress, Map.of()))
            : clouds.groups().revokeById(groupId, egress, ids);
    ObjectNode answer = Json.object().put("Return", true);
    ArrayNode list = answer.putArray("RevokedSecurityGroupRules");
    for (SecurityGroup.Rule rule : gone) {
      ObjectNode shown = list.addObject();
      shown.put("SecurityGroupRuleId", rule.id()).put("GroupId", groupId);
      shown.put("IsEgress", rule.egress()).put("IpProtocol", rule.protocol());
      shown.put("FromPort", rule.fromPort()).put("ToPort", rule.toPort());
      rule.peer().cidr().ifPresent(cidr -> shown.put("CidrIpv4", cidr));
      rule.peer().cidr6().ifPresent(cidr -> shown.put("CidrIpv6", cidr));
      rule.peer().groupId().ifPresent(id -> shown.put("ReferencedGroupId", id));
      rule.description().ifPresent(text -> shown.put("Description", text));
    }
    return answer;
  }

  private ObjectNode describeRules(Call call, boolean egress) {
    if (call.input().has("SecurityGroupRuleDescriptions")) {
      throw Ec2.invalid("esteira takes descriptions in IpPermissions, not by rule id");
    }
    clouds
        .groups()
        .describe(
            Ec2NetworkGroups.id(clouds, call),
            Ec2Permissions.read(call, clouds.now(), egress, Map.of()));
    return Json.object().put("Return", true);
  }

  private ObjectNode modify(Call call) {
    String groupId = call.text("GroupId");
    SecurityGroup group = clouds.now().groups().get(groupId);
    if (group == null) {
      throw Ec2Missing.group(groupId);
    }
    for (JsonNode update : call.input().path("SecurityGroupRules")) {
      String id = update.path("SecurityGroupRuleId").asText();
      boolean egress =
          group.rules().stream()
              .filter(rule -> rule.id().equals(id))
              .findFirst()
              .orElseThrow(() -> Ec2Missing.rule(id))
              .egress();
      clouds.groups().replace(groupId, id, asked(update.path("SecurityGroupRule"), egress));
    }
    return Json.object().put("Return", true);
  }

  private static SecurityGroup.Rule asked(JsonNode rule, boolean egress) {
    SecurityGroup.Peer peer =
        rule.hasNonNull("ReferencedGroupId")
            ? SecurityGroup.Peer.group(rule.path("ReferencedGroupId").asText())
            : rule.hasNonNull("CidrIpv6")
                ? SecurityGroup.Peer.range6(rule.path("CidrIpv6").asText())
                : SecurityGroup.Peer.range(rule.path("CidrIpv4").asText());
    return Groups.rule(
        egress,
        rule.path("IpProtocol").asText("-1"),
        rule.path("FromPort").asInt(-1),
        rule.path("ToPort").asInt(-1),
        peer,
        Optional.ofNullable(rule.path("Description").textValue()),
        Map.of());
  }
}
