package dev.esteira.net.vpc;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A way out for subnets that have none of their own. A deleted one stays listed for an hour. */
public record NatGateway(
    String id,
    String vpcId,
    String subnetId,
    Optional<String> allocationId,
    Optional<String> publicAddress,
    Instant createdAt,
    Optional<Instant> deletedAt,
    Map<String, String> tags) {
  public NatGateway {
    tags = Map.copyOf(tags);
  }

  /** Whether it has the elastic address of this allocation. */
  public boolean holds(String id) {
    return deletedAt.isEmpty() && allocationId.equals(Optional.of(id));
  }

  NatGateway withTags(Map<String, String> next) {
    return new NatGateway(
        id, vpcId, subnetId, allocationId, publicAddress, createdAt, deletedAt, next);
  }

  NatGateway deleted(Instant at) {
    return new NatGateway(
        id, vpcId, subnetId, allocationId, publicAddress, createdAt, Optional.of(at), tags);
  }
}
