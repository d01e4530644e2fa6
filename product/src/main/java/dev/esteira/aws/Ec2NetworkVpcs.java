package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.net.vpc.Clouds;
import dev.esteira.net.vpc.Vpc;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** VPCs in EC2's words. */
final class Ec2NetworkVpcs {
  static final String DHCP_OPTIONS = "dopt-0e57e1ra000000000";

  private final Clouds clouds;
  private final String account;
  private final Filters<Vpc> filters;

  Ec2NetworkVpcs(Clouds clouds, String account) {
    this.clouds = clouds;
    this.account = account;
    this.filters =
        new Filters<>(Vpc::tags)
            .one("vpc-id", Vpc::id)
            .one("cidr", Vpc::cidr)
            .one("cidr-block", Vpc::cidr)
            .one("cidrBlock", Vpc::cidr)
            .many("cidr-block-association.cidr-block", Vpc::cidrs)
            .one("cidr-block-association.state", _ -> "associated")
            .one("is-default", vpc -> String.valueOf(vpc.isDefault()))
            .one("isDefault", vpc -> String.valueOf(vpc.isDefault()))
            .one("dhcp-options-id", _ -> DHCP_OPTIONS)
            .one("owner-id", _ -> account)
            .one("state", _ -> "available");
  }

  void addTo(Map<String, Operation> operations) {
    operations.put("DescribeVpcs", this::describe);
    operations.put("CreateVpc", this::create);
    operations.put("CreateDefaultVpc", this::createDefault);
    operations.put("DeleteVpc", this::delete);
    operations.put("DescribeVpcAttribute", this::attribute);
    operations.put("ModifyVpcAttribute", this::modify);
  }

  private ObjectNode describe(Call call) {
    List<Vpc> found =
        filters.apply(
            call,
            Ec2Missing.select(
                clouds.now().vpcs(),
                call.texts("VpcIds"),
                "vpc-",
                "InvalidVpcID.Malformed",
                Ec2Missing::vpc));
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("Vpcs");
    Ec2.page(call, found, answer).forEach(vpc -> list.add(shown(vpc, "available")));
    return answer;
  }

  private ObjectNode shown(Vpc vpc, String state) {
    ObjectNode shown = Json.object();
    shown.put("CidrBlock", vpc.cidr()).put("DhcpOptionsId", DHCP_OPTIONS).put("State", state);
    shown.put("VpcId", vpc.id()).put("OwnerId", account).put("InstanceTenancy", "default");
    ArrayNode associations = shown.putArray("CidrBlockAssociationSet");
    for (String cidr : vpc.cidrs()) {
      ObjectNode association = associations.addObject();
      association.put("AssociationId", cidrAssociation(vpc, cidr)).put("CidrBlock", cidr);
      association.putObject("CidrBlockState").put("State", "associated");
    }
    shown.put("IsDefault", vpc.isDefault());
    if (!vpc.tags().isEmpty()) {
      shown.set("Tags", Ec2Tags.json(vpc.tags()));
    }
    return shown;
  }

  /** One for each range, the same at every call. */
  private static String cidrAssociation(Vpc vpc, String cidr) {
    return "vpc-cidr-assoc-0%08x%s"
        .formatted(cidr.hashCode(), vpc.id().substring(vpc.id().length() - 8));
  }

  private ObjectNode create(Call call) {
    String tenancy = call.optional("InstanceTenancy").orElse("default");
    if (!tenancy.equals("default")) {
      throw Ec2.invalid("esteira does not support the tenancy '" + tenancy + "'");
    }
    Vpc vpc =
        clouds.ranges().createVpc(Ec2.text(call, "CidrBlock"), Ec2Tags.specified(call, "vpc"));
    ObjectNode answer = Json.object();
    answer.set("Vpc", shown(vpc, "pending"));
    return answer;
  }

  private ObjectNode createDefault(Call call) {
    ObjectNode answer = Json.object();
    answer.set("Vpc", shown(clouds.ranges().createDefaultVpc(), "pending"));
    return answer;
  }

  private ObjectNode delete(Call call) {
    clouds.ranges().deleteVpc(call.text("VpcId"));
    return Json.object();
  }

  private ObjectNode attribute(Call call) {
    String id = call.text("VpcId");
    Vpc vpc = clouds.now().vpcs().get(id);
    if (vpc == null) {
      throw Ec2Missing.vpc(id);
    }
    ObjectNode answer = Json.object();
    answer.put("VpcId", id);
    switch (call.text("Attribute")) {
      case "enableDnsSupport" ->
          answer.putObject("EnableDnsSupport").put("Value", vpc.dnsSupport());
      case "enableDnsHostnames" ->
          answer.putObject("EnableDnsHostnames").put("Value", vpc.dnsHostnames());
      case "enableNetworkAddressUsageMetrics" ->
          answer.putObject("EnableNetworkAddressUsageMetrics").put("Value", false);
      default -> throw Ec2.invalid("Invalid attribute '" + call.text("Attribute") + "'");
    }
    return answer;
  }

  private ObjectNode modify(Call call) {
    clouds
        .ranges()
        .modifyVpc(
            call.text("VpcId"), value(call, "EnableDnsSupport"), value(call, "EnableDnsHostnames"));
    return Json.object();
  }

  static Optional<Boolean> value(Call call, String member) {
    return call.input().has(member)
        ? Optional.of(call.input().path(member).path("Value").asBoolean(false))
        : Optional.empty();
  }
}
