package dev.esteira.net.vpc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes, changes and removes network ACLs and their entries. */
public final class Acls {
  static final int ACLS_MAX = 200;
  static final int ENTRIES_MAX = 40;
  private static final int NUMBER_MAX = 32_766;

  private final CloudStore store;

  Acls(CloudStore store) {
    this.store = store;
  }

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

  /** A new ACL denies everything. */
  public NetworkAcl create(String vpcId, Map<String, String> tags) {
    return store.change(draft -> {
      draft.vpc(vpcId);
      if (draft.acls.values().stream().filter(a -> a.vpcId().equals(vpcId)).count() >= ACLS_MAX) {
        throw new CloudRefusal(
            "NetworkAclLimitExceeded",
            "The maximum number of network ACLs has been reached: " + ACLS_MAX);
      }
      NetworkAcl acl = new NetworkAcl(Draft.id("acl"), vpcId, false, List.of(), List.of(), tags);
      draft.acls.put(acl.id(), acl);
      return acl;
    });
  }

  public void delete(String id) {
    store.change(draft -> {
      NetworkAcl acl = draft.acl(id);
      if (acl.isDefault()) {
        throw CloudRefusal.invalid("The default network ACL cannot be deleted: " + id);
      }
      if (!acl.associations().isEmpty()) {
        throw CloudRefusal.dependency(
            "The networkAcl '" + id + "' has dependencies and cannot be deleted.");
      }
      draft.acls.remove(id);
      return acl;
    });
  }

  private static NetworkAcl.Entry checked(NetworkAcl.Entry entry) {
    if (entry.number() < 1 || entry.number() > NUMBER_MAX) {
      throw CloudRefusal.invalid(
          "Invalid value '"
              + entry.number()
              + "' for ruleNumber. Rules are numbered 1 to "
              + NUMBER_MAX);
    }
    boolean ports = entry.protocol() == 6 || entry.protocol() == 17;
    if (ports
        && (entry.fromPort() < 0 || entry.toPort() > 65535 || entry.fromPort() > entry.toPort())) {
      throw CloudRefusal.invalid(
          "Invalid value '" + entry.fromPort() + "-" + entry.toPort() + "' for portRange");
    }
    return new NetworkAcl.Entry(
        entry.egress(),
        entry.number(),
        entry.protocol(),
        entry.ofIpv6() ? checkedIpv6(entry.cidr()) : Range.parse(entry.cidr()).text(),
        entry.allow(),
        entry.fromPort(),
        entry.toPort());
  }

  private static String checkedIpv6(String cidr) {
    if (!cidr.matches("[0-9a-fA-F:.]{2,45}/(12[0-8]|1[01][0-9]|[0-9]{1,2})")) {
      throw CloudRefusal.invalid("CIDR block " + cidr + " is malformed");
    }
    return cidr.toLowerCase(java.util.Locale.ROOT);
  }

  /** Adds an entry whose number is free in its direction. */
  public void add(String id, NetworkAcl.Entry asked) {
    NetworkAcl.Entry entry = checked(asked);
    store.change(draft -> {
      NetworkAcl acl = draft.acl(id);
      if (acl.entries().stream().anyMatch(e -> same(e, entry))) {
        throw new CloudRefusal(
            "NetworkAclEntryAlreadyExists",
            "The network acl entry identified by " + entry.number() + " already exists.");
      }
      List<NetworkAcl.Entry> entries = new ArrayList<>(acl.entries());
      entries.add(entry);
      if (entries.stream().filter(e -> e.egress() == entry.egress()).count() > ENTRIES_MAX) {
        throw new CloudRefusal(
            "NetworkAclEntryLimitExceeded",
            "The maximum number of network ACL entries has been reached: " + ENTRIES_MAX);
      }
      draft.acls.put(id, acl.withEntries(entries));
      return acl;
    });
  }

  private static boolean same(NetworkAcl.Entry one, NetworkAcl.Entry other) {
    return one.egress() == other.egress() && one.number() == other.number();
  }

  private static CloudRefusal noEntry(int number) {
    return new CloudRefusal(
        "InvalidNetworkAclEntry.NotFound",
        "The network acl entry identified by rule number " + number + " does not exist.");
  }

  /** Puts the entry in the place of the one with its number. */
  public void replace(String id, NetworkAcl.Entry asked) {
    NetworkAcl.Entry entry = checked(asked);
    store.change(draft -> {
      NetworkAcl acl = draft.acl(id);
      if (acl.entries().stream().noneMatch(e -> same(e, entry))) {
        throw noEntry(entry.number());
      }
      List<NetworkAcl.Entry> entries = new ArrayList<>(acl.entries());
      entries.replaceAll(e -> same(e, entry) ? entry : e);
      draft.acls.put(id, acl.withEntries(entries));
      return acl;
    });
  }

  public void remove(String id, boolean egress, int number) {
    store.change(draft -> {
      NetworkAcl acl = draft.acl(id);
      List<NetworkAcl.Entry> left =
          acl.entries().stream().filter(e -> e.egress() != egress || e.number() != number).toList();
      if (left.size() == acl.entries().size()) {
        throw noEntry(number);
      }
      draft.acls.put(id, acl.withEntries(left));
      return acl;
    });
  }

  /** Puts the association's subnet under another ACL; returns the new association's id. */
  public String associate(String associationId, String aclId) {
    return store.change(draft -> {
      NetworkAcl next = draft.acl(aclId);
      NetworkAcl old =
          draft.acls.values().stream()
              .filter(a -> a.associations().stream().anyMatch(x -> x.id().equals(associationId)))
              .findFirst()
              .orElseThrow(() ->
                  new CloudRefusal(
                      "InvalidAssociationID.NotFound",
                      "The association ID '" + associationId + "' does not exist"));
      if (!old.vpcId().equals(next.vpcId())) {
        throw CloudRefusal.invalid("The network ACL " + aclId + " is of another VPC");
      }
      String subnet =
          old.associations().stream()
              .filter(a -> a.id().equals(associationId))
              .map(NetworkAcl.Association::subnetId)
              .findFirst()
              .orElseThrow();
      NetworkAcl.Association made = new NetworkAcl.Association(Draft.id("aclassoc"), subnet);
      draft.acls.put(old.id(), old.without(associationId));
      draft.acls.put(aclId, draft.acl(aclId).with(made));
      return made.id();
    });
  }
}
