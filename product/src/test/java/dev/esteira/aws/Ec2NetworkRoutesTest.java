package dev.esteira.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Routes and gateways under the real command lines. */
@Tag("system")
class Ec2NetworkRoutesTest extends Ec2NetworkCalls {
  @Test
  void routesAndGateways() {
    String vpc = vpc();
    String subnet = subnet(vpc);
    String table = text("create-route-table --vpc-id " + vpc, "RouteTable.RouteTableId");
    String gateway = text("create-internet-gateway", "InternetGateway.InternetGatewayId");
    String route =
        "create-route --destination-cidr-block 0.0.0.0/0 --route-table-id "
            + table
            + " --gateway-id "
            + gateway;

    refused("InvalidParameterValue", route);
    ok("attach-internet-gateway --vpc-id " + vpc + " --internet-gateway-id " + gateway);
    refused(
        "Resource.AlreadyAssociated",
        "attach-internet-gateway --vpc-id " + vpc + " --internet-gateway-id " + gateway);
    assertEquals("True", text(route, "Return"));
    String association =
        text(
            "associate-route-table --subnet-id " + subnet + " --route-table-id " + table,
            "AssociationId");
    assertEquals(
        "10.0.0.0/16\tlocal\tactive\n0.0.0.0/0\t" + gateway + "\tactive",
        text(
            "describe-route-tables --filters Name=association.subnet-id,Values=" + subnet,
            "RouteTables[0].Routes[].[DestinationCidrBlock,GatewayId,State]"));
    assertEquals(
        gateway + "\tavailable",
        text(
            "describe-internet-gateways --filters Name=attachment.vpc-id,Values=" + vpc,
            "InternetGateways[].[InternetGatewayId,Attachments[0].State]"));
    replacesRoutes(subnet, table, gateway);
    ok("detach-internet-gateway --vpc-id " + vpc + " --internet-gateway-id " + gateway);
    assertEquals(
        "blackhole",
        text("describe-route-tables --route-table-ids " + table, "RouteTables[0].Routes[1].State"));
    ok("delete-route --destination-cidr-block 0.0.0.0/0 --route-table-id " + table);
    refused(
        "InvalidRoute.NotFound",
        "delete-route --destination-cidr-block 0.0.0.0/0 --route-table-id " + table);
    refused("DependencyViolation", "delete-route-table --route-table-id " + table);
    ok("disassociate-route-table --association-id " + association);
    refused(
        "InvalidAssociationID.NotFound",
        "disassociate-route-table --association-id " + association);
    ok("delete-internet-gateway --internet-gateway-id " + gateway);
  }

  private void replacesRoutes(String subnet, String table, String gateway) {
    String nat =
        text(
            "create-nat-gateway --allocation-id eipalloc-1 --subnet-id " + subnet,
            "NatGateway.NatGatewayId");
    String replace = "replace-route --destination-cidr-block 0.0.0.0/0 --route-table-id " + table;
    String shown = "RouteTables[0].Routes[1].[NatGatewayId,GatewayId,State]";
    String describe = "describe-route-tables --route-table-ids " + table;
    ok(replace + " --nat-gateway-id " + nat);
    assertEquals(nat + "\tNone\tactive", text(describe, shown));
    ok("delete-nat-gateway --nat-gateway-id " + nat);
    assertEquals(
        "deleted", text("describe-nat-gateways --nat-gateway-ids " + nat, "NatGateways[].State"));
    assertEquals(nat + "\tNone\tblackhole", text(describe, shown));
    ok(replace + " --gateway-id " + gateway);
    assertEquals("None\t" + gateway + "\tactive", text(describe, shown));
  }

  @Test
  void anotherRouteTableBecomesTheMainOne() {
    String vpc = vpc();
    String table = text("create-route-table --vpc-id " + vpc, "RouteTable.RouteTableId");
    String main =
        text(
            "describe-route-tables --filters Name=association.main,Values=true"
                + " Name=vpc-id,Values="
                + vpc,
            "RouteTables[0].Associations[0].RouteTableAssociationId");
    ok("replace-route-table-association --association-id " + main + " --route-table-id " + table);
    assertEquals(
        table,
        text(
            "describe-route-tables --filters Name=association.main,Values=true"
                + " Name=vpc-id,Values="
                + vpc,
            "RouteTables[].RouteTableId"));
  }
}
