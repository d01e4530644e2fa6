package dev.esteira.net.vpc;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes, changes and removes security groups and their rules. */
public final class Groups {
  static final int GROUPS_MAX = 2_500;
  static final int RULES_MAX = 60;

  private Groups() {}

  private static SecurityGroup.Rule all(boolean egress, SecurityGroup.Peer peer) {
    return new SecurityGroup.Rule(
        Draft.id("sgr"), egress, "-1", -1, -1, peer, Optional.empty(), Map.of());
  }

  /** Members may speak with each other and with everybody else outwards. */
  static SecurityGroup defaultGroup(String vpcId) {
    String id = Draft.id("sg");
    return new SecurityGroup(
        id,
        vpcId,
        "default",
        "default VPC security group",
        List.of(
            all(false, SecurityGroup.Peer.group(id)),
            all(true, SecurityGroup.Peer.range("0.0.0.0/0"))),
        Map.of());
  }
}
