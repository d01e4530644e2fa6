package dev.esteira.net.vpc;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A stateless filter of subnets: the first entry by number that matches decides; when none does,
 * the packet is denied.
 */
public record NetworkAcl(
    String id,
    String vpcId,
    boolean isDefault,
    List<Entry> entries,
    List<Association> associations,
    Map<String, String> tags) {
  /**
   * @param protocol a protocol's number, or -1 for all
   * @param fromPort for icmp the type, -1 for all; without meaning where the protocol has no ports
   * @param toPort for icmp the code, -1 for all
   * @param cidr of IPv4, or of IPv6: those are kept, and as no interface has such an address they
   *     concern no packet
   */
  public record Entry(
      boolean egress,
      int number,
      int protocol,
      String cidr,
      boolean allow,
      int fromPort,
      int toPort) {
    public boolean ofIpv6() {
      return cidr.contains(":");
    }
  }

  /** The use of the ACL by a subnet. */
  public record Association(String id, String subnetId) {}

  public NetworkAcl {
    entries =
        entries.stream()
            .sorted(Comparator.comparing(Entry::egress).thenComparingInt(Entry::number))
            .toList();
    associations = List.copyOf(associations);
    tags = Map.copyOf(tags);
  }

  NetworkAcl withTags(Map<String, String> next) {
    return new NetworkAcl(id, vpcId, isDefault, entries, associations, next);
  }

  NetworkAcl withEntries(List<Entry> next) {
    return new NetworkAcl(id, vpcId, isDefault, next, associations, tags);
  }

  NetworkAcl with(Association association) {
    List<Association> next = new ArrayList<>(associations);
    next.add(association);
    return new NetworkAcl(id, vpcId, isDefault, entries, next, tags);
  }

  NetworkAcl without(String associationId) {
    return new NetworkAcl(
        id,
        vpcId,
        isDefault,
        entries,
        associations.stream().filter(a -> !a.id().equals(associationId)).toList(),
        tags);
  }
}
