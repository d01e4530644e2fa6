package dev.esteira.net.vpc;

import java.util.Map;
import java.util.Optional;

/** The door of a VPC to everything outside; attached to at most one. */
public record InternetGateway(String id, Optional<String> vpcId, Map<String, String> tags) {
  public InternetGateway {
    tags = Map.copyOf(tags);
  }

  InternetGateway withTags(Map<String, String> next) {
    return new InternetGateway(id, vpcId, next);
  }

  InternetGateway withVpc(Optional<String> next) {
    return new InternetGateway(id, next, tags);
  }
}
