package dev.esteira.net.vpc;

import dev.esteira.base.Ids;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** A cloud while it is being changed; used by one change, then made a value again. */
final class Draft {
  final Map<String, Vpc> vpcs;
  final Map<String, Subnet> subnets;
  final Map<String, InternetGateway> gateways;
  final Map<String, NatGateway> nats;
  final Map<String, RouteTable> routeTables;
  final Map<String, SecurityGroup> groups;
  final Map<String, NetworkAcl> acls;
  final Map<String, NetworkInterface> interfaces;
  final Map<String, Cloud.Binding> bindings;
  final Map<String, Cloud.Admission> admissions;

  Draft(Cloud cloud) {
    this.vpcs = new TreeMap<>(cloud.vpcs());
    this.subnets = new TreeMap<>(cloud.subnets());
    this.gateways = new TreeMap<>(cloud.gateways());
    this.nats = new TreeMap<>(cloud.nats());
    this.routeTables = new TreeMap<>(cloud.routeTables());
    this.groups = new TreeMap<>(cloud.groups());
    this.acls = new TreeMap<>(cloud.acls());
    this.interfaces = new TreeMap<>(cloud.interfaces());
    this.bindings = new TreeMap<>(cloud.bindings());
    this.admissions = new TreeMap<>(cloud.admissions());
  }

  Cloud cloud() {
    return new Cloud(
        vpcs, subnets, gateways, nats, routeTables, groups, acls, interfaces, bindings, admissions);
  }

  /** A new id, such as {@code vpc-0a1b2c3d4e5f6a7b8}. */
  static String id(String prefix) {
    return prefix + "-0" + Ids.hex(16);
  }

  Vpc vpc(String id) {
    return found(
        vpcs,
        id,
        () -> new CloudRefusal("InvalidVpcID.NotFound", "The vpc ID '" + id + "' does not exist"));
  }

  Subnet subnet(String id) {
    return found(
        subnets,
        id,
        () ->
            new CloudRefusal(
                "InvalidSubnetID.NotFound", "The subnet ID '" + id + "' does not exist"));
  }

  InternetGateway gateway(String id) {
    return found(
        gateways,
        id,
        () ->
            new CloudRefusal(
                "InvalidInternetGatewayID.NotFound",
                "The internetGateway ID '" + id + "' does not exist"));
  }

  NatGateway nat(String id) {
    return found(
        nats,
        id,
        () -> new CloudRefusal("NatGatewayNotFound", "The Nat Gateway " + id + " was not found"));
  }

  RouteTable routeTable(String id) {
    return found(
        routeTables,
        id,
        () ->
            new CloudRefusal(
                "InvalidRouteTableID.NotFound", "The routeTable ID '" + id + "' does not exist"));
  }

  SecurityGroup group(String id) {
    return found(
        groups,
        id,
        () ->
            new CloudRefusal(
                "InvalidGroup.NotFound", "The security group '" + id + "' does not exist"));
  }

  NetworkAcl acl(String id) {
    return found(
        acls,
        id,
        () ->
            new CloudRefusal(
                "InvalidNetworkAclID.NotFound", "The networkAcl ID '" + id + "' does not exist"));
  }

  private static <T> T found(Map<String, T> all, String id, Supplier<CloudRefusal> otherwise) {
    T found = all.get(id);
    if (found == null) {
      throw otherwise.get();
    }
    return found;
  }
}
