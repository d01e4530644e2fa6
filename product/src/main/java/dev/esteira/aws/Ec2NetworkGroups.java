package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.net.vpc.Cloud;
import dev.esteira.net.vpc.Clouds;
import dev.esteira.net.vpc.SecurityGroup;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Security groups in EC2's words. */
final class Ec2NetworkGroups {
  private final Clouds clouds;
  private final String account;
  private final Filters<SecurityGroup> filters;

  Ec2NetworkGroups(Clouds clouds, String account) {
    this.clouds = clouds;
    this.account = account;
    this.filters = new Filters<>(SecurityGroup::tags);
    filters
        .one("group-id", SecurityGroup::id)
        .one("group-name", SecurityGroup::name)
        .one("vpc-id", SecurityGroup::vpcId)
        .one("description", SecurityGroup::description)
        .one("owner-id", _ -> account);
    for (boolean egress : List.of(false, true)) {
      String prefix = egress ? "egress.ip-permission." : "ip-permission.";
      rules(prefix + "cidr", egress, r -> r.peer().cidr());
      rules(prefix + "group-id", egress, r -> r.peer().groupId());
      rules(prefix + "protocol", egress, r -> Optional.of(r.protocol()));
      rules(prefix + "from-port", egress, r -> Optional.of(String.valueOf(r.fromPort())));
      rules(prefix + "to-port", egress, r -> Optional.of(String.valueOf(r.toPort())));
    }
  }

  private void rules(
      String name, boolean egress, Function<SecurityGroup.Rule, Optional<String>> value) {
    filters.many(name, group -> values(group, egress, value));
  }

  private static Collection<String> values(
      SecurityGroup group, boolean egress, Function<SecurityGroup.Rule, Optional<String>> value) {
    return group.rules().stream()
        .filter(r -> r.egress() == egress)
        .flatMap(r -> value.apply(r).stream())
        .toList();
  }

  void addTo(Map<String, Operation> operations) {
    operations.put("DescribeSecurityGroups", this::describe);
    operations.put("CreateSecurityGroup", this::create);
    operations.put("DeleteSecurityGroup", this::delete);
    operations.put("GetSecurityGroupsForVpc", this::forVpc);
  }

  /** The group that a call names by id, or by name in the default VPC. */
  static String id(Clouds clouds, Call call) {
    Optional<String> id = call.optional("GroupId");
    return id.orElseGet(() -> byName(clouds.now(), Ec2.text(call, "GroupName")).id());
  }

  /** The group of the default VPC with this name. */
  static SecurityGroup byName(Cloud cloud, String name) {
    return cloud
        .defaultVpc()
        .flatMap(vpc ->
            cloud.groups().values().stream()
                .filter(g -> g.vpcId().equals(vpc.id()) && g.name().equals(name))
                .findFirst())
        .orElseThrow(() ->
            new AwsException(
                "InvalidGroup.NotFound",
                400,
                "The security group '" + name + "' does not exist in the default VPC"));
  }

  private ObjectNode describe(Call call) {
    Cloud cloud = clouds.now();
    List<String> ids = new ArrayList<>(call.texts("GroupIds"));
    call.texts("GroupNames").forEach(name -> ids.add(byName(cloud, name).id()));
    List<SecurityGroup> found =
        filters.apply(
            call,
            Ec2Missing.select(
                cloud.groups(), ids, "sg-", "InvalidGroupId.Malformed", Ec2Missing::group));
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("SecurityGroups");
    Ec2.page(call, found, answer).forEach(group -> list.add(shown(call, group)));
    return answer;
  }

  private ObjectNode shown(Call call, SecurityGroup group) {
    ObjectNode shown = Json.object();
    shown.put("Description", group.description()).put("GroupName", group.name());
    shown.set("IpPermissions", Ec2Permissions.json(account, group, false));
    shown.put("OwnerId", account).put("GroupId", group.id());
    shown.set("IpPermissionsEgress", Ec2Permissions.json(account, group, true));
    if (!group.tags().isEmpty()) {
      shown.set("Tags", Ec2Tags.json(group.tags()));
    }
    shown.put("VpcId", group.vpcId());
    return shown.put("SecurityGroupArn", arn(call, group.id()));
  }

  private String arn(Call call, String id) {
    return Arns.ec2(call.caller().region(), account, "security-group/" + id);
  }

  private ObjectNode create(Call call) {
    SecurityGroup group =
        clouds
            .groups()
            .create(
                call.optional("VpcId"),
                call.text("GroupName"),
                call.text("Description"),
                Ec2Tags.specified(call, "security-group"));
    ObjectNode answer = Json.object();
    answer.put("GroupId", group.id());
    if (!group.tags().isEmpty()) {
      answer.set("Tags", Ec2Tags.json(group.tags()));
    }
    return answer.put("SecurityGroupArn", arn(call, group.id()));
  }

  private ObjectNode delete(Call call) {
    String id = id(clouds, call);
    clouds.groups().delete(id);
    return Json.object().put("Return", true).put("GroupId", id);
  }

  private ObjectNode forVpc(Call call) {
    String vpcId = call.text("VpcId");
    if (!clouds.now().vpcs().containsKey(vpcId)) {
      throw Ec2Missing.vpc(vpcId);
    }
    List<SecurityGroup> found =
        filters.apply(
            call,
            clouds.now().groups().values().stream().filter(g -> g.vpcId().equals(vpcId)).toList());
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("SecurityGroupForVpcs");
    for (SecurityGroup group : Ec2.page(call, found, answer)) {
      ObjectNode shown = list.addObject();
      shown.put("GroupId", group.id()).put("GroupName", group.name()).put("OwnerId", account);
      shown.put("Description", group.description()).put("PrimaryVpcId", vpcId);
    }
    return answer;
  }
}
