package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.net.vpc.Clouds;
import dev.esteira.net.vpc.InternetGateway;
import java.util.List;
import java.util.Map;

/** Internet gateways in EC2's words. */
final class Ec2NetworkGateways {
  private final Clouds clouds;
  private final String account;
  private final Filters<InternetGateway> filters;

  Ec2NetworkGateways(Clouds clouds, String account) {
    this.clouds = clouds;
    this.account = account;
    this.filters =
        new Filters<>(InternetGateway::tags)
            .one("internet-gateway-id", InternetGateway::id)
            .one("owner-id", _ -> account)
            .maybe("attachment.vpc-id", InternetGateway::vpcId)
            .maybe("attachment.state", gateway -> gateway.vpcId().map(_ -> "available"));
  }

  void addTo(Map<String, Operation> operations) {
    operations.put("DescribeInternetGateways", this::describe);
    operations.put("CreateInternetGateway", this::create);
    operations.put("DeleteInternetGateway", this::delete);
    operations.put("AttachInternetGateway", this::attach);
    operations.put("DetachInternetGateway", this::detach);
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
}
