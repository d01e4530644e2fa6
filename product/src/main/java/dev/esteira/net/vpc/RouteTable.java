package dev.esteira.net.vpc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where the packets of subnets go that leave the VPC. The route into the VPC itself is implied. */
public record RouteTable(
    String id,
    String vpcId,
    List<Association> associations,
    List<Route> routes,
    Map<String, String> tags) {
  /** A use of the table: by one subnet, or as the main one by all that have no other. */
  public record Association(String id, Optional<String> subnetId) {
    public boolean isMain() {
      return subnetId.isEmpty();
    }
  }

  /**
   * {@code target} is the id of a gateway. What leads to a gateway that is gone leads nowhere (a
   * black hole).
   */
  public record Route(String destination, String target) {}

  public RouteTable {
    associations = List.copyOf(associations);
    routes = List.copyOf(routes);
    tags = Map.copyOf(tags);
  }

  public boolean isMain() {
    return associations.stream().anyMatch(Association::isMain);
  }

  RouteTable withTags(Map<String, String> next) {
    return new RouteTable(id, vpcId, associations, routes, next);
  }

  RouteTable withRoutes(List<Route> next) {
    return new RouteTable(id, vpcId, associations, next, tags);
  }

  RouteTable with(Association association) {
    List<Association> next = new ArrayList<>(associations);
    next.add(association);
    return new RouteTable(id, vpcId, next, routes, tags);
  }

  RouteTable without(String associationId) {
    return new RouteTable(
        id,
        vpcId,
        associations.stream().filter(a -> !a.id().equals(associationId)).toList(),
        routes,
        tags);
  }
}
