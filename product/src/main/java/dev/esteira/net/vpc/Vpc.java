package dev.esteira.net.vpc;

import java.util.List;
import java.util.Map;

/**
 * A virtual private cloud.
 *
 * @param cidrs its ranges, the primary one first
 */
public record Vpc(
    String id,
    List<String> cidrs,
    boolean isDefault,
    boolean dnsSupport,
    boolean dnsHostnames,
    Map<String, String> tags) {
  public Vpc {
    cidrs = List.copyOf(cidrs);
    tags = Map.copyOf(tags);
  }

  /** The primary range. */
  public String cidr() {
    return cidrs.getFirst();
  }

  Vpc withTags(Map<String, String> next) {
    return new Vpc(id, cidrs, isDefault, dnsSupport, dnsHostnames, next);
  }

  Vpc withDns(boolean support, boolean hostnames) {
    return new Vpc(id, cidrs, isDefault, support, hostnames, tags);
  }

  Vpc withCidrs(List<String> next) {
    return new Vpc(id, next, isDefault, dnsSupport, dnsHostnames, tags);
  }
}
