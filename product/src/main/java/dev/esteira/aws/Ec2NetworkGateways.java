package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.net.vpc.Clouds;
import dev.esteira.net.vpc.InternetGateway;
import dev.esteira.net.vpc.NatGateway;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Internet gateways and NAT gateways in EC2's words. */
final class Ec2NetworkGateways {
  private final Clouds clouds;
  private final String account;
  private final Filters<InternetGateway> filters;
  private final Filters<NatGateway> natFilters;

  Ec2NetworkGateways(Clouds clouds, String account) {
    this.clouds = clouds;
    this.account = account;
    this.filters =
        new Filters<>(InternetGateway::tags)
            .one("internet-gateway-id", InternetGateway::id)
            .one("owner-id", _ -> account)
            .maybe("attachment.vpc-id", InternetGateway::vpcId)
            .maybe("attachment.state", gateway -> gateway.vpcId().map(_ -> "available"));
    this.natFilters =
        new Filters<>(NatGateway::tags)
            .one("nat-gateway-id", NatGateway::id)
            .one("vpc-id", NatGateway::vpcId)
            .one("subnet-id", NatGateway::subnetId)
            .one("state", Ec2NetworkGateways::state);
  }

  void addTo(Map<String, Operation> operations) {
    operations.put("DescribeInternetGateways", this::describe);
    operations.put("CreateInternetGateway", this::create);
    operations.put("DeleteInternetGateway", this::delete);
    operations.put("AttachInternetGateway", this::attach);
    operations.put("DetachInternetGateway", this::detach);
    operations.put("DescribeNatGateways", this::describeNats);
    operations.put("CreateNatGateway", this::createNat);
    operations.put("DeleteNatGateway", this::deleteNat);
  }

  private ObjectNode describe(Call call) {
    List<InternetGateway> found =
        filters.apply(
            call,
            Ec2Missing.select(
                clouds.now().gateways(),
                call.texts("InternetGatewayIds"),
                "igw-",
                "InvalidInternetGatewayId.Malformed",
                Ec2Missing::gateway));
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("InternetGateways");
    Ec2.page(call, found, answer).forEach(gateway -> list.add(shown(gateway)));
    return answer;
  }

  private ObjectNode shown(InternetGateway gateway) {
    ObjectNode shown = Json.object();
    ArrayNode attachments = shown.putArray("Attachments");
    gateway
        .vpcId()
        .ifPresent(id -> attachments.addObject().put("State", "available").put("VpcId", id));
    shown.put("InternetGatewayId", gateway.id()).put("OwnerId", account);
    shown.set("Tags", Ec2Tags.json(gateway.tags()));
    return shown;
  }

  private ObjectNode create(Call call) {
    ObjectNode answer = Json.object();
    answer.set(
        "InternetGateway",
        shown(clouds.routing().createGateway(Ec2Tags.specified(call, "internet-gateway"))));
    return answer;
  }

  private ObjectNode delete(Call call) {
    clouds.routing().deleteGateway(call.text("InternetGatewayId"));
    return Json.object();
  }

  private ObjectNode attach(Call call) {
    clouds.routing().attach(call.text("InternetGatewayId"), call.text("VpcId"));
    return Json.object();
  }

  private ObjectNode detach(Call call) {
    clouds.routing().detach(call.text("InternetGatewayId"), call.text("VpcId"));
    return Json.object();
  }

  private static String state(NatGateway nat) {
    return nat.deletedAt().isPresent() ? "deleted" : "available";
  }

  private ObjectNode describeNats(Call call) {
    List<NatGateway> found =
        natFilters.apply(
            call,
            Ec2Missing.select(
                clouds.now().nats(),
                call.texts("NatGatewayIds"),
                "nat-",
                "NatGatewayMalformed",
                Ec2Missing::nat));
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("NatGateways");
    Ec2.page(call, found, answer).forEach(nat -> list.add(shown(nat)));
    return answer;
  }

  private static ObjectNode shown(NatGateway nat) {
    ObjectNode shown = Json.object();
    shown.put("CreateTime", nat.createdAt().toString());
    nat.deletedAt().ifPresent(at -> shown.put("DeleteTime", at.toString()));
    ObjectNode address = shown.putArray("NatGatewayAddresses").addObject();
    nat.allocationId().ifPresent(id -> address.put("AllocationId", id));
    nat.publicAddress().ifPresent(ip -> address.put("PublicIp", ip));
    address.put("IsPrimary", true).put("Status", "succeeded");
    shown.put("NatGatewayId", nat.id()).put("State", state(nat));
    shown.put("SubnetId", nat.subnetId()).put("VpcId", nat.vpcId());
    shown.set("Tags", Ec2Tags.json(nat.tags()));
    return shown.put("ConnectivityType", "public");
  }

  private ObjectNode createNat(Call call) {
    String type = call.optional("ConnectivityType").orElse("public");
    if (!type.equals("public")) {
      throw Ec2.invalid("esteira does not support NAT gateways of the type '" + type + "'");
    }
    NatGateway nat =
        clouds
            .routing()
            .createNat(
                Ec2.text(call, "SubnetId"),
                Optional.of(Ec2.text(call, "AllocationId")),
                Optional.empty(),
                Ec2Tags.specified(call, "natgateway"));
    ObjectNode answer = Json.object();
    answer.set("NatGateway", shown(nat));
    call.optional("ClientToken").ifPresent(token -> answer.put("ClientToken", token));
    return answer;
  }

  private ObjectNode deleteNat(Call call) {
    String id = call.text("NatGatewayId");
    clouds.routing().deleteNat(id);
    return Json.object().put("NatGatewayId", id);
  }
}
