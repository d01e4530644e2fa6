package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.fleet.PublicAddresses;
import dev.esteira.net.vpc.Clouds;
import dev.esteira.net.vpc.NatGateway;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** NAT gateways in EC2's words. */
final class Ec2NetworkNats {
  private final Clouds clouds;
  private final Function<String, Optional<PublicAddresses.Address>> allocations;
  private final Filters<NatGateway> filters =
      new Filters<>(NatGateway::tags)
          .one("nat-gateway-id", NatGateway::id)
          .one("vpc-id", NatGateway::vpcId)
          .one("subnet-id", NatGateway::subnetId)
          .one("state", Ec2NetworkNats::state);

  Ec2NetworkNats(Clouds clouds, Function<String, Optional<PublicAddresses.Address>> allocations) {
    this.clouds = clouds;
    this.allocations = allocations;
  }

  void addTo(Map<String, Operation> operations) {
    operations.put("DescribeNatGateways", this::describe);
    operations.put("CreateNatGateway", this::create);
    operations.put("DeleteNatGateway", this::delete);
  }

  private static String state(NatGateway nat) {
    return nat.deletedAt().isPresent() ? "deleted" : "available";
  }

  private ObjectNode describe(Call call) {
    List<NatGateway> found =
        filters.apply(
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

  private ObjectNode create(Call call) {
    String type = call.optional("ConnectivityType").orElse("public");
    if (!type.equals("public")) {
      throw Ec2.invalid("esteira does not support NAT gateways of the type '" + type + "'");
    }
    String allocation = Ec2.text(call, "AllocationId");
    PublicAddresses.Address address =
        allocations.apply(allocation).orElseThrow(() -> missing(allocation));
    if (address.association().isPresent()) {
      throw new AwsException(
          "Resource.AlreadyAssociated",
          400,
          "resource " + allocation + " is already associated with an instance");
    }
    NatGateway nat =
        clouds
            .routing()
            .createNat(
                Ec2.text(call, "SubnetId"),
                Optional.of(allocation),
                Optional.of(address.address()),
                Ec2Tags.specified(call, "natgateway"));
    ObjectNode answer = Json.object();
    answer.set("NatGateway", shown(nat));
    call.optional("ClientToken").ifPresent(token -> answer.put("ClientToken", token));
    return answer;
  }

  private static AwsException missing(String allocation) {
    return new AwsException(
        "InvalidAllocationID.NotFound",
        400,
        "The allocation ID '" + allocation + "' does not exist");
  }

  private ObjectNode delete(Call call) {
    String id = call.text("NatGatewayId");
    clouds.routing().deleteNat(id);
    return Json.object().put("NatGatewayId", id);
  }
}
