package dev.esteira.aws;

import dev.esteira.net.vpc.Cloud;
import dev.esteira.net.vpc.Clouds;
import dev.esteira.net.vpc.InternetGateway;
import dev.esteira.net.vpc.NatGateway;
import dev.esteira.net.vpc.NetworkAcl;
import dev.esteira.net.vpc.RouteTable;
import dev.esteira.net.vpc.SecurityGroup;
import dev.esteira.net.vpc.Subnet;
import dev.esteira.net.vpc.Vpc;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The resources of virtual private clouds that carry tags. */
final class Ec2NetworkTags {
  private Ec2NetworkTags() {}

  static List<Taggable> of(Clouds clouds) {
    return List.of(
        kind(clouds, "vpc-", "vpc", Ec2Missing::vpc, c -> tags(c.vpcs(), Vpc::tags)),
        kind(clouds, "subnet-", "subnet", Ec2Missing::subnet, c -> tags(c.subnets(), Subnet::tags)),
        kind(
            clouds,
            "igw-",
            "internet-gateway",
            Ec2Missing::gateway,
            c -> tags(c.gateways(), InternetGateway::tags)),
        kind(clouds, "nat-", "natgateway", Ec2Missing::nat, c -> tags(c.nats(), NatGateway::tags)),
        kind(
            clouds,
            "rtb-",
            "route-table",
            Ec2Missing::routeTable,
            c -> tags(c.routeTables(), RouteTable::tags)),
        kind(
            clouds,
            "sg-",
            "security-group",
            Ec2Missing::group,
            c -> tags(c.groups(), SecurityGroup::tags)),
        kind(clouds, "sgr-", "security-group-rule", Ec2Missing::rule, Ec2NetworkTags::ruleTags),
        kind(
            clouds, "acl-", "network-acl", Ec2Missing::acl, c -> tags(c.acls(), NetworkAcl::tags)));
  }

  private static <T> Map<String, Map<String, String>> tags(
      Map<String, T> all, Function<T, Map<String, String>> tags) {
    Map<String, Map<String, String>> byId = new TreeMap<>();
    all.forEach((id, resource) -> byId.put(id, tags.apply(resource)));
    return byId;
  }

  private static Map<String, Map<String, String>> ruleTags(Cloud cloud) {
    Map<String, Map<String, String>> byId = new TreeMap<>();
    cloud
        .groups()
        .values()
        .forEach(group -> group.rules().forEach(rule -> byId.put(rule.id(), rule.tags())));
    return byId;
  }

  private static Taggable kind(
      Clouds clouds,
      String prefix,
      String resourceType,
      Function<String, AwsException> missing,
      Function<Cloud, Map<String, Map<String, String>>> tags) {
    return new Taggable() {
      @Override
      public String prefix() {
        return prefix;
      }

      @Override
      public String resourceType() {
        return resourceType;
      }

      @Override
      public Map<String, Map<String, String>> tags() {
        return tags.apply(clouds.now());
      }

      @Override
      public AwsException notFound(String id) {
        return missing.apply(id);
      }

      @Override
      public void tag(String id, Map<String, String> set, List<String> removed) {
        clouds.tag(id, set, removed);
      }
    };
  }
}
