package dev.esteira.net.vpc;

import java.util.List;

/** An interface as it is recorded. */
public record NetworkInterface(
    String id,
    String holder,
    String vpcId,
    String subnetId,
    String privateAddress,
    String transitAddress,
    String mac,
    List<String> securityGroupIds) {
  public NetworkInterface {
    securityGroupIds = List.copyOf(securityGroupIds);
  }

  NetworkInterface withGroups(List<String> next) {
    return new NetworkInterface(
        id, holder, vpcId, subnetId, privateAddress, transitAddress, mac, next);
  }
}
