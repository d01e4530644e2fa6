package dev.esteira.net.vpc;

import java.util.Map;

/** A part of a VPC's range in one availability zone. */
public record Subnet(
    String id,
    String vpcId,
    String cidr,
    String zone,
    boolean defaultForZone,
    boolean mapPublicIp,
    Map<String, String> tags) {
  public Subnet {
    tags = Map.copyOf(tags);
  }

  Subnet withTags(Map<String, String> next) {
    return new Subnet(id, vpcId, cidr, zone, defaultForZone, mapPublicIp, next);
  }

  Subnet withMapPublicIp(boolean next) {
    return new Subnet(id, vpcId, cidr, zone, defaultForZone, next, tags);
  }
}
