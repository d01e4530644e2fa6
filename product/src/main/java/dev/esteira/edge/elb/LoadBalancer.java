package dev.esteira.edge.elb;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A load balancer.
 *
 * @param address where it answers; given when it is made
 * @param attributes those that were set
 */
public record LoadBalancer(
    String arn,
    String name,
    Kind kind,
    String scheme,
    String dnsName,
    String address,
    String vpcId,
    List<Zone> zones,
    List<String> securityGroups,
    Map<String, String> attributes,
    Map<String, String> tags,
    Instant createdAt) {
  /** By the words of the API. */
  public enum Kind {
    APPLICATION("application", "app"),
    NETWORK("network", "net");

    private final String word;
    private final String path;

    Kind(String word, String path) {
      this.word = word;
      this.path = path;
    }

    public String word() {
      return word;
    }

    /** How it is told in names of things. */
    public String path() {
      return path;
    }
  }

  /** A subnet that it stands in, and the zone of that. */
  public record Zone(String name, String subnetId) {}

  public LoadBalancer {
    zones = List.copyOf(zones);
    securityGroups = List.copyOf(securityGroups);
    attributes = Map.copyOf(attributes);
    tags = Map.copyOf(tags);
  }

  LoadBalancer at(String taken) {
    return with(taken, zones, securityGroups, attributes, tags);
  }

  public LoadBalancer withZones(List<Zone> next) {
    return with(address, next, securityGroups, attributes, tags);
  }

  public LoadBalancer withSecurityGroups(List<String> next) {
    return with(address, zones, next, attributes, tags);
  }

  public LoadBalancer withAttributes(Map<String, String> next) {
    return with(address, zones, securityGroups, next, tags);
  }

  public LoadBalancer withTags(Map<String, String> next) {
    return with(address, zones, securityGroups, attributes, next);
  }

  /** What of it can change; the rest stays. */
  private LoadBalancer with(
      String at,
      List<Zone> in,
      List<String> groups,
      Map<String, String> settings,
      Map<String, String> labels) {
    return new LoadBalancer(
        arn, name, kind, scheme, dnsName, at, vpcId, in, groups, settings, labels, createdAt);
  }
}
