package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.net.vpc.Cloud;
import dev.esteira.net.vpc.Clouds;
import dev.esteira.net.vpc.RouteTable;
import dev.esteira.net.vpc.Vpc;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Route tables in EC2's words. */
final class Ec2NetworkRoutes {
  private final Clouds clouds;
  private final String account;
  private final Filters<RouteTable> filters;

  Ec2NetworkRoutes(Clouds clouds, String account) {
    this.clouds = clouds;
    this.account = account;
    this.filters =
        new Filters<>(RouteTable::tags)
            .one("route-table-id", RouteTable::id)
            .one("vpc-id", RouteTable::vpcId)
            .one("owner-id", _ -> account)
            .one("association.route-table-id", RouteTable::id)
            .many(
                "association.main",
                t -> t.associations().stream().map(a -> String.valueOf(a.isMain())).toList())
            .many(
                "association.subnet-id",
                t -> t.associations().stream().flatMap(a -> a.subnetId().stream()).toList())
            .many(
                "association.route-table-association-id",
                t -> t.associations().stream().map(RouteTable.Association::id).toList())
            .many(
                "route.destination-cidr-block",
                t -> t.routes().stream().map(RouteTable.Route::destination).toList())
            .many("route.gateway-id", t -> targets(t, "igw-"))
            .many("route.nat-gateway-id", t -> targets(t, "nat-"));
  }

  private static List<String> targets(RouteTable table, String prefix) {
    return table.routes().stream()
        .map(RouteTable.Route::target)
        .filter(target -> target.startsWith(prefix))
        .toList();
  }

  void addTo(Map<String, Operation> operations) {
    operations.put("DescribeRouteTables", this::describe);
    operations.put("CreateRouteTable", this::create);
    operations.put("DeleteRouteTable", this::delete);
    operations.put("CreateRoute", this::addRoute);
    operations.put("ReplaceRoute", this::replaceRoute);
    operations.put("DeleteRoute", this::deleteRoute);
    operations.put("AssociateRouteTable", this::associate);
    operations.put("DisassociateRouteTable", this::disassociate);
    operations.put("ReplaceRouteTableAssociation", this::replaceAssociation);
  }

  private ObjectNode describe(Call call) {
    Cloud cloud = clouds.now();
    List<RouteTable> found =
        filters.apply(
            call,
            Ec2Missing.select(
                cloud.routeTables(),
                call.texts("RouteTableIds"),
                "rtb-",
                "InvalidRouteTableId.Malformed",
                Ec2Missing::routeTable));
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("RouteTables");
    Ec2.page(call, found, answer).forEach(table -> list.add(shown(cloud, table)));
    return answer;
  }

  private ObjectNode shown(Cloud cloud, RouteTable table) {
    ObjectNode shown = Json.object();
    ArrayNode associations = shown.putArray("Associations");
    for (RouteTable.Association association : table.associations()) {
      ObjectNode each = associations.addObject();
      each.put("Main", association.isMain());
      each.put("RouteTableAssociationId", association.id()).put("RouteTableId", table.id());
      association.subnetId().ifPresent(id -> each.put("SubnetId", id));
      each.putObject("AssociationState").put("State", "associated");
    }
    shown.putArray("PropagatingVgws");
    shown.put("RouteTableId", table.id());
    ArrayNode routes = shown.putArray("Routes");
    Vpc vpc = cloud.vpcs().get(table.vpcId());
    for (String cidr : vpc == null ? List.<String>of() : vpc.cidrs()) {
      ObjectNode local = routes.addObject();
      local.put("DestinationCidrBlock", cidr).put("GatewayId", "local");
      local.put("Origin", "CreateRouteTable").put("State", "active");
    }
    for (RouteTable.Route route : table.routes()) {
      ObjectNode each = routes.addObject().put("DestinationCidrBlock", route.destination());
      each.put(route.target().startsWith("nat-") ? "NatGatewayId" : "GatewayId", route.target());
      each.put("Origin", "CreateRoute");
      each.put("State", cloud.leads(table, route) ? "active" : "blackhole");
    }
    shown.set("Tags", Ec2Tags.json(table.tags()));
    return shown.put("VpcId", table.vpcId()).put("OwnerId", account);
  }

  private ObjectNode create(Call call) {
    RouteTable table =
        clouds.routing().createTable(call.text("VpcId"), Ec2Tags.specified(call, "route-table"));
    ObjectNode answer = Json.object();
    answer.set("RouteTable", shown(clouds.now(), table));
    return answer;
  }

  private ObjectNode delete(Call call) {
    clouds.routing().deleteTable(call.text("RouteTableId"));
    return Json.object();
  }

  /** What the call names to route to, whatever kind it is; the routing says what it can do. */
  private static String target(Call call) {
    return Stream.of(
            "GatewayId",
            "NatGatewayId",
            "InstanceId",
            "NetworkInterfaceId",
            "TransitGatewayId",
            "VpcPeeringConnectionId",
            "EgressOnlyInternetGatewayId",
            "VpcEndpointId")
        .map(call::optional)
        .flatMap(Optional::stream)
        .findFirst()
        .orElseThrow(() -> Ec2.missing("GatewayId"));
  }

  private ObjectNode addRoute(Call call) {
    clouds
        .routing()
        .addRoute(call.text("RouteTableId"), Ec2.text(call, "DestinationCidrBlock"), target(call));
    return Json.object().put("Return", true);
  }

  private ObjectNode replaceRoute(Call call) {
    clouds
        .routing()
        .replaceRoute(
            call.text("RouteTableId"), Ec2.text(call, "DestinationCidrBlock"), target(call));
    return Json.object();
  }

  private ObjectNode deleteRoute(Call call) {
    clouds.routing().removeRoute(call.text("RouteTableId"), Ec2.text(call, "DestinationCidrBlock"));
    return Json.object();
  }

  private ObjectNode associate(Call call) {
    String id = clouds.routing().associate(call.text("RouteTableId"), Ec2.text(call, "SubnetId"));
    ObjectNode answer = Json.object().put("AssociationId", id);
    answer.putObject("AssociationState").put("State", "associated");
    return answer;
  }

  private ObjectNode disassociate(Call call) {
    clouds.routing().disassociate(call.text("AssociationId"));
    return Json.object();
  }

  private ObjectNode replaceAssociation(Call call) {
    String id =
        clouds.routing().replaceAssociation(call.text("AssociationId"), call.text("RouteTableId"));
    ObjectNode answer = Json.object().put("NewAssociationId", id);
    answer.putObject("AssociationState").put("State", "associated");
    return answer;
  }
}
