package dev.esteira.net.vpc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Makes, changes and removes VPCs and subnets, with what AWS makes along with them. */
public final class Ranges {
  static final int VPCS_MAX = 50;
  static final int SUBNETS_MAX = 200;
  private static final int PREFIX_MIN = 16;
  private static final int PREFIX_MAX = 28;
  private static final String DEFAULT_CIDR = "172.31.0.0/16";

  private final CloudStore store;
  private final List<String> zones;

  Ranges(CloudStore store, List<String> zones) {
    this.store = store;
    this.zones = List.copyOf(zones);
  }

  public Vpc createVpc(String cidr, Map<String, String> tags) {
    Range range = checkedRange(cidr, "InvalidVpc.Range");
    return store.change(draft -> {
      if (draft.vpcs.size() >= VPCS_MAX) {
        throw new CloudRefusal(
            "VpcLimitExceeded", "The maximum number of VPCs has been reached: " + VPCS_MAX);
      }
      return create(draft, range.text(), false, tags);
    });
  }

  private static Range checkedRange(String cidr, String code) {
    Range range = Range.parse(cidr);
    if (range.prefix() < PREFIX_MIN || range.prefix() > PREFIX_MAX) {
      throw new CloudRefusal(code, "The CIDR '" + cidr + "' is invalid.");
    }
    return range;
  }

  /** A VPC comes with a main route table, a default group and a default ACL. */
  private static Vpc create(Draft draft, String cidr, boolean isDefault, Map<String, String> tags) {
    Vpc vpc = new Vpc(Draft.id("vpc"), List.of(cidr), isDefault, true, isDefault, tags);
    draft.vpcs.put(vpc.id(), vpc);
    RouteTable.Association main =
        new RouteTable.Association(Draft.id("rtbassoc"), Optional.empty());
    RouteTable table =
        new RouteTable(Draft.id("rtb"), vpc.id(), List.of(main), List.of(), Map.of());
    draft.routeTables.put(table.id(), table);
    SecurityGroup group = Groups.defaultGroup(vpc.id());
    draft.groups.put(group.id(), group);
    NetworkAcl acl = Acls.defaultAcl(vpc.id());
    draft.acls.put(acl.id(), acl);
    return vpc;
  }

  /**
   * Makes what every account has from its first day: a VPC with a subnet in each zone and the way
   * out. Refused when there is a default VPC.
   */
  public Vpc createDefaultVpc() {
    return store.change(draft -> {
      draft.vpcs.values().stream()
          .filter(Vpc::isDefault)
          .findFirst()
          .ifPresent(other -> {
            throw new CloudRefusal(
                "DefaultVpcAlreadyExists",
                "A Default VPC already exists for this account in this region.");
          });
      Vpc vpc = create(draft, DEFAULT_CIDR, true, Map.of());
      InternetGateway gateway =
          new InternetGateway(Draft.id("igw"), Optional.of(vpc.id()), Map.of());
      draft.gateways.put(gateway.id(), gateway);
      draft.routeTables.replaceAll((_, table) ->
          table.vpcId().equals(vpc.id())
              ? table.withRoutes(List.of(new RouteTable.Route("0.0.0.0/0", gateway.id())))
              : table);
      Range range = Range.parse(DEFAULT_CIDR);
      for (int i = 0; i < zones.size(); i++) {
        Range part = new Range(range.base() + ((long) i << 12), 20);
        create(
            draft,
            new Subnet(
                Draft.id("subnet"), vpc.id(), part.text(), zones.get(i), true, true, Map.of()));
      }
      return vpc;
    });
  }

  public void deleteVpc(String id) {
    store.change(draft -> {
      Vpc vpc = draft.vpc(id);
      boolean used =
          draft.subnets.values().stream().anyMatch(s -> s.vpcId().equals(id))
              || draft.gateways.values().stream().anyMatch(g -> g.vpcId().equals(Optional.of(id)))
              || draft.routeTables.values().stream()
                  .anyMatch(t -> t.vpcId().equals(id) && !t.isMain())
              || draft.groups.values().stream()
                  .anyMatch(g -> g.vpcId().equals(id) && !g.name().equals("default"))
              || draft.acls.values().stream().anyMatch(a -> a.vpcId().equals(id) && !a.isDefault());
      if (used) {
        throw CloudRefusal.dependency(
            "The vpc '" + id + "' has dependencies and cannot be deleted.");
      }
      draft.routeTables.values().removeIf(t -> t.vpcId().equals(id));
      draft.groups.values().removeIf(g -> g.vpcId().equals(id));
      draft.acls.values().removeIf(a -> a.vpcId().equals(id));
      draft.vpcs.remove(id);
      return vpc;
    });
  }

  /** Sets what is given. */
  public void modifyVpc(String id, Optional<Boolean> dnsSupport, Optional<Boolean> dnsHostnames) {
    store.change(draft -> {
      Vpc vpc = draft.vpc(id);
      draft.vpcs.put(
          id,
          vpc.withDns(
              dnsSupport.orElse(vpc.dnsSupport()), dnsHostnames.orElse(vpc.dnsHostnames())));
      return vpc;
    });
  }

  public Subnet createSubnet(
      String vpcId, String cidr, Optional<String> zone, Map<String, String> tags) {
    Range range = checkedRange(cidr, "InvalidSubnet.Range");
    return store.change(draft -> {
      Vpc vpc = draft.vpc(vpcId);
      if (vpc.cidrs().stream().noneMatch(c -> Range.parse(c).contains(range))) {
        throw new CloudRefusal("InvalidSubnet.Range", "The CIDR '" + cidr + "' is invalid.");
      }
      List<Subnet> others =
          draft.subnets.values().stream().filter(s -> s.vpcId().equals(vpcId)).toList();
      if (others.stream().anyMatch(s -> Range.parse(s.cidr()).overlaps(range))) {
        throw new CloudRefusal(
            "InvalidSubnet.Conflict", "The CIDR '" + cidr + "' conflicts with another subnet");
      }
      if (others.size() >= SUBNETS_MAX) {
        throw new CloudRefusal(
            "SubnetLimitExceeded",
            "The maximum number of subnets of a VPC has been reached: " + SUBNETS_MAX);
      }
      return create(
          draft,
          new Subnet(
              Draft.id("subnet"),
              vpcId,
              range.text(),
              zone.orElse(zones.getFirst()),
              false,
              false,
              tags));
    });
  }

  /** A subnet begins under the default ACL of its VPC. */
  private static Subnet create(Draft draft, Subnet subnet) {
    draft.subnets.put(subnet.id(), subnet);
    draft.acls.replaceAll((_, acl) ->
        acl.isDefault() && acl.vpcId().equals(subnet.vpcId())
            ? acl.with(new NetworkAcl.Association(Draft.id("aclassoc"), subnet.id()))
            : acl);
    return subnet;
  }

  public void deleteSubnet(String id) {
    store.change(draft -> {
      Subnet subnet = draft.subnet(id);
      boolean used =
          draft.interfaces.values().stream().anyMatch(i -> i.subnetId().equals(id))
              || draft.nats.values().stream()
                  .anyMatch(n -> n.subnetId().equals(id) && n.deletedAt().isEmpty());
      if (used) {
        throw CloudRefusal.dependency(
            "The subnet '" + id + "' has dependencies and cannot be deleted.");
      }
      draft.routeTables.replaceAll((_, table) -> {
        RouteTable left = table;
        for (RouteTable.Association association : table.associations()) {
          left =
              association.subnetId().equals(Optional.of(id))
                  ? left.without(association.id())
                  : left;
        }
        return left;
      });
      draft.acls.replaceAll((_, acl) -> {
        NetworkAcl left = acl;
        for (NetworkAcl.Association association : acl.associations()) {
          left = association.subnetId().equals(id) ? left.without(association.id()) : left;
        }
        return left;
      });
      draft.subnets.remove(id);
      return subnet;
    });
  }

  public void mapPublicIp(String subnetId, boolean value) {
    store.change(draft -> {
      Subnet subnet = draft.subnet(subnetId);
      draft.subnets.put(subnetId, subnet.withMapPublicIp(value));
      return subnet;
    });
  }

  /** How many of its addresses are free: five of each subnet are never given. */
  public static long free(Cloud cloud, Subnet subnet) {
    long used =
        cloud.interfaces().values().stream().filter(i -> i.subnetId().equals(subnet.id())).count();
    return Range.parse(subnet.cidr()).size() - Addressing.RESERVED - used;
  }

  /** Sets and removes tags of whatever has this id. */
  static Map<String, String> merged(
      Map<String, String> tags, Map<String, String> set, List<String> removed) {
    Map<String, String> next = new TreeMap<>(tags);
    next.putAll(set);
    new ArrayList<>(removed).forEach(next::remove);
    return next;
  }
}
