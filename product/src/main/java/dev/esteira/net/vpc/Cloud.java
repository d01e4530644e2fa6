package dev.esteira.net.vpc;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All virtual networks of a home at one moment, by id; a value.
 *
 * @param bindings by elastic address, the holder that it leads to
 * @param admissions by member, addresses outside that count as members of groups
 */
public record Cloud(
    Map<String, Vpc> vpcs,
    Map<String, Subnet> subnets,
    Map<String, InternetGateway> gateways,
    Map<String, NatGateway> nats,
    Map<String, RouteTable> routeTables,
    Map<String, SecurityGroup> groups,
    Map<String, NetworkAcl> acls,
    Map<String, NetworkInterface> interfaces,
    Map<String, Binding> bindings,
    Map<String, Admission> admissions) {
  /** An elastic address that leads to a holder's interface. */
  public record Binding(String address, String holder) {}

  /**
   * An address of the house that counts as a member of the groups.
   *
   * @param vpcId the VPC in which it also counts as an address inside: an internal load balancer's
   */
  public record Admission(
      String member, String address, List<String> securityGroupIds, Optional<String> vpcId) {
    public Admission {
      securityGroupIds = List.copyOf(securityGroupIds);
    }
  }

  public Cloud {
    vpcs = Map.copyOf(vpcs);
    subnets = Map.copyOf(subnets);
    gateways = Map.copyOf(gateways);
    nats = Map.copyOf(nats);
    routeTables = Map.copyOf(routeTables);
    groups = Map.copyOf(groups);
    acls = Map.copyOf(acls);
    interfaces = Map.copyOf(interfaces);
    bindings = Map.copyOf(bindings);
    admissions = Map.copyOf(admissions);
  }

  public Optional<Vpc> defaultVpc() {
    return vpcs.values().stream().filter(Vpc::isDefault).findFirst();
  }

  /** The table that the subnet uses: its own, or the main one of its VPC. */
  public RouteTable routesOf(Subnet subnet) {
    List<RouteTable> tables =
        routeTables.values().stream().filter(t -> t.vpcId().equals(subnet.vpcId())).toList();
    return tables.stream()
        .filter(t ->
            t.associations().stream().anyMatch(a -> a.subnetId().equals(Optional.of(subnet.id()))))
        .findFirst()
        .or(() -> tables.stream().filter(RouteTable::isMain).findFirst())
        .orElseThrow(() -> new IllegalStateException(subnet.vpcId() + " has no main route table"));
  }

  /** The ACL of the subnet. */
  public NetworkAcl aclOf(Subnet subnet) {
    return acls.values().stream()
        .filter(acl -> acl.associations().stream().anyMatch(a -> a.subnetId().equals(subnet.id())))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(subnet.id() + " has no network ACL"));
  }

  public Optional<NetworkInterface> interfaceOf(String holder) {
    return interfaces.values().stream().filter(i -> i.holder().equals(holder)).findFirst();
  }

  /** Whether the route leads somewhere: its gateway exists and is the VPC's. */
  public boolean leads(RouteTable table, RouteTable.Route route) {
    InternetGateway gateway = gateways.get(route.target());
    if (gateway != null) {
      return gateway.vpcId().equals(Optional.of(table.vpcId()));
    }
    NatGateway nat = nats.get(route.target());
    return nat != null && nat.deletedAt().isEmpty();
  }
}
