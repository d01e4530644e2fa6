package dev.esteira.net.vpc;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes, changes and removes gateways and route tables. */
public final class Routing {
  static final int TABLES_MAX = 200;
  static final int ROUTES_MAX = 50;
  private static final Duration DELETED_LISTED = Duration.ofHours(1);

  private final CloudStore store;
  private final InstantSource clock;

  Routing(CloudStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  public InternetGateway createGateway(Map<String, String> tags) {
    return store.change(draft -> {
      if (draft.gateways.size() >= Ranges.VPCS_MAX) {
        throw new CloudRefusal(
            "InternetGatewayLimitExceeded",
            "The maximum number of internet gateways has been reached: " + Ranges.VPCS_MAX);
      }
      InternetGateway gateway = new InternetGateway(Draft.id("igw"), Optional.empty(), tags);
      draft.gateways.put(gateway.id(), gateway);
      return gateway;
    });
  }

  public void deleteGateway(String id) {
    store.change(draft -> {
      InternetGateway gateway = draft.gateway(id);
      if (gateway.vpcId().isPresent()) {
        throw CloudRefusal.dependency(
            "The internetGateway '" + id + "' has dependencies and cannot be deleted.");
      }
      draft.gateways.remove(id);
      return gateway;
    });
  }

  public void attach(String gatewayId, String vpcId) {
    store.change(draft -> {
      InternetGateway gateway = draft.gateway(gatewayId);
      draft.vpc(vpcId);
      if (gateway.vpcId().isPresent()) {
        throw new CloudRefusal(
            "Resource.AlreadyAssociated",
            "resource " + gatewayId + " is already attached to network " + gateway.vpcId().get());
      }
      if (draft.gateways.values().stream().anyMatch(g -> g.vpcId().equals(Optional.of(vpcId)))) {
        throw CloudRefusal.invalid(
            "Network " + vpcId + " already has an internet gateway attached");
      }
      draft.gateways.put(gatewayId, gateway.withVpc(Optional.of(vpcId)));
      return gateway;
    });
  }

  public void detach(String gatewayId, String vpcId) {
    store.change(draft -> {
      InternetGateway gateway = draft.gateway(gatewayId);
      if (!gateway.vpcId().equals(Optional.of(draft.vpc(vpcId).id()))) {
        throw new CloudRefusal(
            "Gateway.NotAttached",
            "resource " + gatewayId + " is not attached to network " + vpcId);
      }
      boolean used =
          draft.interfaces.values().stream()
              .filter(i -> i.vpcId().equals(vpcId))
              .anyMatch(i ->
                  draft.bindings.values().stream().anyMatch(b -> b.holder().equals(i.holder())));
      if (used) {
        throw CloudRefusal.dependency(
            "Network "
                + vpcId
                + " has some mapped public address(es). Please unmap those public"
                + " address(es) before detaching the gateway.");
      }
      draft.gateways.put(gatewayId, gateway.withVpc(Optional.empty()));
      return gateway;
    });
  }

  public RouteTable createTable(String vpcId, Map<String, String> tags) {
    return store.change(draft -> {
      draft.vpc(vpcId);
      long others =
          draft.routeTables.values().stream().filter(t -> t.vpcId().equals(vpcId)).count();
      if (others >= TABLES_MAX) {
        throw new CloudRefusal(
            "RouteTableLimitExceeded",
            "The maximum number of route tables has been reached: " + TABLES_MAX);
      }
      RouteTable table = new RouteTable(Draft.id("rtb"), vpcId, List.of(), List.of(), tags);
      draft.routeTables.put(table.id(), table);
      return table;
    });
  }

  public void deleteTable(String id) {
    store.change(draft -> {
      RouteTable table = draft.routeTable(id);
      if (!table.associations().isEmpty()) {
        throw CloudRefusal.dependency(
            "The routeTable '" + id + "' has dependencies and cannot be deleted.");
      }
      draft.routeTables.remove(id);
      return table;
    });
  }

  /** Adds a route to an internet or NAT gateway of the table's VPC; the same again is fine. */
  public void addRoute(String tableId, String destination, String target) {
    String range = Range.parse(destination).text();
    store.change(draft -> {
      RouteTable table = draft.routeTable(tableId);
      checkTarget(draft, table, range, target);
      Optional<RouteTable.Route> has =
          table.routes().stream().filter(r -> r.destination().equals(range)).findFirst();
      if (has.isPresent() && !has.get().target().equals(target)) {
        throw new CloudRefusal(
            "RouteAlreadyExists", "The route identified by " + range + " already exists.");
      }
      if (has.isEmpty()) {
        List<RouteTable.Route> routes = new ArrayList<>(table.routes());
        if (routes.size() >= ROUTES_MAX) {
          throw new CloudRefusal(
              "RouteLimitExceeded", "The maximum number of routes has been reached: " + ROUTES_MAX);
        }
        routes.add(new RouteTable.Route(range, target));
        draft.routeTables.put(tableId, table.withRoutes(routes));
      }
      return table;
    });
  }

  private static void checkTarget(Draft draft, RouteTable table, String range, String target) {
    for (String cidr : draft.vpc(table.vpcId()).cidrs()) {
      if (Range.parse(cidr).contains(Range.parse(range))) {
        throw CloudRefusal.invalid(
            "The destination CIDR block "
                + range
                + " is equal to or more specific than one of"
                + " this VPC's CIDR blocks. This route can target only an interface or an"
                + " instance.");
      }
    }
    if (target.startsWith("igw-")) {
      if (!draft.gateway(target).vpcId().equals(Optional.of(table.vpcId()))) {
        throw CloudRefusal.invalid(
            "route table "
                + table.id()
                + " and network gateway "
                + target
                + " belong to different networks");
      }
    } else if (target.startsWith("nat-")) {
      if (!draft.nat(target).vpcId().equals(table.vpcId())) {
        throw CloudRefusal.invalid(
            "route table " + table.id() + " and " + target + " belong to different networks");
      }
    } else {
      throw CloudRefusal.invalid(
          "esteira routes to internet gateways and NAT gateways, not to '" + target + "'");
    }
  }

  private static CloudRefusal noRoute(String range, String tableId) {
    return new CloudRefusal(
        "InvalidRoute.NotFound",
        "no route with destination-cidr-block " + range + " in route table " + tableId);
  }

  public void replaceRoute(String tableId, String destination, String target) {
    String range = Range.parse(destination).text();
    store.change(draft -> {
      RouteTable table = draft.routeTable(tableId);
      checkTarget(draft, table, range, target);
      List<RouteTable.Route> routes = new ArrayList<>(table.routes());
      if (!routes.removeIf(r -> r.destination().equals(range))) {
        throw noRoute(range, tableId);
      }
      routes.add(new RouteTable.Route(range, target));
      draft.routeTables.put(tableId, table.withRoutes(routes));
      return table;
    });
  }

  public void removeRoute(String tableId, String destination) {
    String range = Range.parse(destination).text();
    store.change(draft -> {
      RouteTable table = draft.routeTable(tableId);
      List<RouteTable.Route> routes = new ArrayList<>(table.routes());
      if (!routes.removeIf(r -> r.destination().equals(range))) {
        throw noRoute(range, tableId);
      }
      draft.routeTables.put(tableId, table.withRoutes(routes));
      return table;
    });
  }

  /** The id of the association. */
  public String associate(String tableId, String subnetId) {
    return store.change(draft -> {
      RouteTable table = draft.routeTable(tableId);
      Subnet subnet = draft.subnet(subnetId);
      if (!subnet.vpcId().equals(table.vpcId())) {
        throw CloudRefusal.invalid(
            "Route table " + tableId + " and subnet " + subnetId + " belong to different networks");
      }
      for (RouteTable other : draft.routeTables.values()) {
        for (RouteTable.Association association : other.associations()) {
          if (association.subnetId().equals(Optional.of(subnetId))) {
            if (other.id().equals(tableId)) {
              return association.id();
            }
            throw new CloudRefusal(
                "Resource.AlreadyAssociated",
                "the specified association for route table "
                    + tableId
                    + " conflicts with an existing association");
          }
        }
      }
      String id = Draft.id("rtbassoc");
      draft.routeTables.put(
          tableId, table.with(new RouteTable.Association(id, Optional.of(subnetId))));
      return id;
    });
  }

  private static RouteTable associated(Draft draft, String associationId) {
    return draft.routeTables.values().stream()
        .filter(t -> t.associations().stream().anyMatch(a -> a.id().equals(associationId)))
        .findFirst()
        .orElseThrow(() ->
            new CloudRefusal(
                "InvalidAssociationID.NotFound",
                "The association ID '" + associationId + "' does not exist"));
  }

  private static RouteTable.Association association(RouteTable table, String id) {
    return table.associations().stream().filter(a -> a.id().equals(id)).findFirst().orElseThrow();
  }

  public void disassociate(String associationId) {
    store.change(draft -> {
      RouteTable table = associated(draft, associationId);
      if (association(table, associationId).isMain()) {
        throw CloudRefusal.invalid(
            "cannot disassociate the main route table association " + associationId);
      }
      draft.routeTables.put(table.id(), table.without(associationId));
      return table;
    });
  }

  /** Moves the association, also the main one, to another table; the id of the new one. */
  public String replaceAssociation(String associationId, String tableId) {
    return store.change(draft -> {
      RouteTable old = associated(draft, associationId);
      RouteTable next = draft.routeTable(tableId);
      if (!old.vpcId().equals(next.vpcId())) {
        throw CloudRefusal.invalid(
            "Route tables " + old.id() + " and " + tableId + " belong to different networks");
      }
      RouteTable.Association moved =
          new RouteTable.Association(
              Draft.id("rtbassoc"), association(old, associationId).subnetId());
      draft.routeTables.put(old.id(), old.without(associationId));
      draft.routeTables.put(tableId, draft.routeTable(tableId).with(moved));
      return moved.id();
    });
  }

  /** A way out, seen by its public address, for the subnets whose route tables name it. */
  public NatGateway createNat(
      String subnetId,
      Optional<String> allocationId,
      Optional<String> publicAddress,
      Map<String, String> tags) {
    return store.change(draft -> {
      Subnet subnet = draft.subnet(subnetId);
      if (allocationId.isPresent()
          && draft.nats.values().stream().anyMatch(n -> n.holds(allocationId.get()))) {
        throw new CloudRefusal(
            "Resource.AlreadyAssociated",
            "resource " + allocationId.get() + " is already associated with a NAT gateway");
      }
      NatGateway nat =
          new NatGateway(
              Draft.id("nat"),
              subnet.vpcId(),
              subnetId,
              allocationId,
              publicAddress,
              clock.instant(),
              Optional.empty(),
              tags);
      draft.nats.values().removeIf(this::isForgotten);
      draft.nats.put(nat.id(), nat);
      return nat;
    });
  }

  private boolean isForgotten(NatGateway nat) {
    return nat.deletedAt()
        .filter(at -> at.plus(DELETED_LISTED).isBefore(clock.instant()))
        .isPresent();
  }

  /** Deletes it; its routes lead nowhere from now on. Again is fine. */
  public void deleteNat(String id) {
    store.change(draft -> {
      NatGateway nat = draft.nat(id);
      if (nat.deletedAt().isEmpty()) {
        draft.nats.put(id, nat.deleted(clock.instant()));
      }
      return nat;
    });
  }
}
