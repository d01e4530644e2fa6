package dev.esteira.net.vpc;

import java.util.List;
import java.util.Map;

/** Makes, changes and removes network ACLs and their entries. */
public final class Acls {
  private Acls() {}

  private static NetworkAcl.Entry allowAll(boolean egress) {
    return new NetworkAcl.Entry(egress, 100, -1, "0.0.0.0/0", true, -1, -1);
  }

  /** Lets everything through. */
  static NetworkAcl defaultAcl(String vpcId) {
    return new NetworkAcl(
        Draft.id("acl"),
        vpcId,
        true,
        List.of(allowAll(false), allowAll(true)),
        List.of(),
        Map.of());
  }
}
