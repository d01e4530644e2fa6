package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import java.util.List;
import java.util.Map;

/**
 * Kinds of resources that cannot be made here, so there are none: scripts that clean up a network
 * look for them before they delete what there is. Whoever names one is told that it is not there.
 */
final class Ec2Absent {
  /** A call, the member of its answer, the member that names ids, and the error for those. */
  private record Kind(String call, String list, String ids, String code) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind(
              "DescribeVpcEndpoints", "VpcEndpoints", "VpcEndpointIds", "InvalidVpcEndpointId"),
          new Kind(
              "DescribeVpcPeeringConnections",
              "VpcPeeringConnections",
              "VpcPeeringConnectionIds",
              "InvalidVpcPeeringConnectionID"),
          new Kind("DescribeVpnGateways", "VpnGateways", "VpnGatewayIds", "InvalidVpnGatewayID"),
          new Kind(
              "DescribeVpnConnections",
              "VpnConnections",
              "VpnConnectionIds",
              "InvalidVpnConnectionID"),
          new Kind(
              "DescribeCustomerGateways",
              "CustomerGateways",
              "CustomerGatewayIds",
              "InvalidCustomerGatewayID"),
          new Kind(
              "DescribeEgressOnlyInternetGateways",
              "EgressOnlyInternetGateways",
              "EgressOnlyInternetGatewayIds",
              "InvalidEgressOnlyInternetGatewayId"),
          new Kind(
              "DescribeTransitGatewayVpcAttachments",
              "TransitGatewayVpcAttachments",
              "TransitGatewayAttachmentIds",
              "InvalidTransitGatewayAttachmentID"),
          new Kind("DescribeFlowLogs", "FlowLogs", "FlowLogIds", "InvalidFlowLogId"));

  private Ec2Absent() {}

  static void addTo(Map<String, Operation> operations) {
    KINDS.forEach(kind -> operations.put(kind.call(), call -> none(call, kind)));
  }

  private static ObjectNode none(Call call, Kind kind) {
    for (String id : call.texts(kind.ids())) {
      throw new AwsException(kind.code() + ".NotFound", 400, "The ID '" + id + "' does not exist");
    }
    ObjectNode answer = Json.object();
    answer.putArray(kind.list());
    return answer;
  }
}
