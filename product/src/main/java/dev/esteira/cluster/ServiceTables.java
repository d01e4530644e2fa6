package dev.esteira.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Rows of Services and of what is behind them. */
final class ServiceTables {
  private static final int ENDPOINTS_SHOWN_MAX = 3;

  private ServiceTables() {}

  static Table service() {
    return Table.of(
        "Name|Type|Cluster-IP|External-IP|Port(s)|Age|Selector*", ServiceTables::serviceRow);
  }

  static Table endpoints() {
    return Table.of("Name|Endpoints|Age", ServiceTables::endpointsRow);
  }

  static Table endpointSlice() {
    return Table.of("Name|AddressType|Ports|Endpoints|Age", ServiceTables::sliceRow);
  }

  static Table ingress() {
    return Table.of("Name|Class|Hosts|Address|Ports|Age", ServiceTables::ingressRow);
  }

  private static List<String> ingressRow(ObjectNode ingress, Instant now) {
    String ofAnnotation =
        Trees.texts(ingress, "metadata", "annotations")
            .getOrDefault("kubernetes.io/ingress.class", "<none>");
    List<String> hosts = new ArrayList<>();
    for (ObjectNode rule : Trees.objects(ingress, "spec", "rules")) {
      Trees.optional(rule, "host").filter(h -> !hosts.contains(h)).ifPresent(hosts::add);
    }
    return List.of(
        Trees.name(ingress),
        Trees.optional(ingress, "spec", "ingressClassName").orElse(ofAnnotation),
        hosts.isEmpty() ? "*" : some(hosts, "*"),
        String.join(",", addresses(ingress)),
        Trees.at(ingress, "spec", "tls").isEmpty() ? "80" : "80, 443",
        Table.age(ingress, now));
  }

  private static List<String> addresses(ObjectNode balanced) {
    return Trees.objects(balanced, "status", "loadBalancer", "ingress").stream()
        .map(i -> Trees.optional(i, "ip").orElse(Trees.text(i, "hostname")))
        .toList();
  }

  private static List<String> serviceRow(ObjectNode service, Instant now) {
    String clusterIp = Trees.text(service, "spec", "clusterIP");
    String selector =
        Trees.texts(service, "spec", "selector").entrySet().stream()
            .map(e -> e.getKey() + "=" + e.getValue())
            .collect(Collectors.joining(","));
    return List.of(
        Trees.name(service),
        Trees.text(service, "spec", "type"),
        clusterIp.isEmpty() ? "<none>" : clusterIp,
        external(service),
        ports(service),
        Table.age(service, now),
        selector.isEmpty() ? "<none>" : selector);
  }

  private static String external(ObjectNode service) {
    List<String> addresses = new ArrayList<>();
    String type = Trees.text(service, "spec", "type");
    if (type.equals("ExternalName")) {
      return Trees.text(service, "spec", "externalName");
    }
    if (type.equals("LoadBalancer")) {
      addresses.addAll(addresses(service));
    }
    Trees.at(service, "spec", "externalIPs").forEach(a -> addresses.add(a.asText()));
    if (addresses.isEmpty()) {
      return type.equals("LoadBalancer") ? "<pending>" : "<none>";
    }
    return String.join(",", addresses);
  }

  private static String ports(ObjectNode service) {
    String ports =
        Trees.objects(service, "spec", "ports").stream()
            .map(ServiceTables::port)
            .collect(Collectors.joining(","));
    return ports.isEmpty() ? "<none>" : ports;
  }

  private static String port(JsonNode port) {
    long node = Trees.number(port, "nodePort");
    return Trees.text(port, "port")
        + (node > 0 ? ":" + node : "")
        + "/"
        + Trees.text(port, "protocol");
  }

  private static List<String> endpointsRow(ObjectNode endpoints, Instant now) {
    List<String> all = new ArrayList<>();
    for (ObjectNode subset : Trees.objects(endpoints, "subsets")) {
      List<ObjectNode> ports = Trees.objects(subset, "ports");
      for (ObjectNode address : Trees.objects(subset, "addresses")) {
        String ip = Trees.text(address, "ip");
        ports.forEach(p -> all.add(ip + ":" + Trees.text(p, "port")));
        if (ports.isEmpty()) {
          all.add(ip);
        }
      }
    }
    return List.of(Trees.name(endpoints), some(all, "<none>"), Table.age(endpoints, now));
  }

  private static List<String> sliceRow(ObjectNode slice, Instant now) {
    List<String> ports =
        Trees.objects(slice, "ports").stream().map(p -> Trees.text(p, "port")).toList();
    List<String> addresses = new ArrayList<>();
    for (ObjectNode endpoint : Trees.objects(slice, "endpoints")) {
      endpoint.path("addresses").forEach(a -> addresses.add(a.asText()));
    }
    return List.of(
        Trees.name(slice),
        Trees.text(slice, "addressType"),
        some(ports, "<unset>"),
        some(addresses, "<unset>"),
        Table.age(slice, now));
  }

  private static String some(List<String> all, String none) {
    if (all.isEmpty()) {
      return none;
    }
    String shown = String.join(",", all.subList(0, Math.min(ENDPOINTS_SHOWN_MAX, all.size())));
    int more = all.size() - ENDPOINTS_SHOWN_MAX;
    return more > 0 ? shown + " + " + more + " more..." : shown;
  }
}
