package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Ids;
import dev.esteira.base.Json;
import dev.esteira.edge.elb.Attributes;
import dev.esteira.edge.elb.LoadBalancer;
import dev.esteira.edge.elb.LoadBalancer.Kind;
import dev.esteira.edge.elb.LoadBalancer.Zone;
import dev.esteira.edge.elb.LoadBalancers;
import dev.esteira.net.vpc.Cloud;
import dev.esteira.net.vpc.SecurityGroup;
import dev.esteira.net.vpc.Subnet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Load balancers in the API's words. */
final class ElbBalancers {
  private static final String APPLICATION_ZONE_ID = "Z35SXDOTRQ7X7K";
  private static final String NETWORK_ZONE_ID = "Z26RNL4JYFTOTI";

  private final ElbFeature.Parts parts;
  private final LoadBalancers balancers;

  ElbBalancers(ElbFeature.Parts parts) {
    this.parts = parts;
    this.balancers = parts.balancers();
  }

  void addTo(Map<String, Operation> operations) {
    operations.put("CreateLoadBalancer", this::create);
    operations.put("DescribeLoadBalancers", this::describe);
    operations.put("DeleteLoadBalancer", this::delete);
    operations.put("DescribeLoadBalancerAttributes", this::attributes);
    operations.put("ModifyLoadBalancerAttributes", this::modify);
    operations.put("SetSecurityGroups", this::setSecurityGroups);
    operations.put("SetSubnets", this::setSubnets);
  }

  private ObjectNode create(Call call) {
    String name = ElbInput.name(call, "load balancer");
    String type = ElbInput.oneOf(call, "Type", "application", List.of("application", "network"));
    Kind kind = type.equals("network") ? Kind.NETWORK : Kind.APPLICATION;
    String scheme =
        ElbInput.oneOf(call, "Scheme", "internet-facing", List.of("internet-facing", "internal"));
    ElbInput.oneOf(call, "IpAddressType", "ipv4", List.of("ipv4"));
    List<Subnet> subnets = subnets(call, kind);
    String vpc = subnets.getFirst().vpcId();
    String id = Ids.hex(16);
    String region = call.caller().region();
    LoadBalancer made =
        balancers.create(
            new LoadBalancer(
                "arn:aws:elasticloadbalancing:%s:%s:loadbalancer/%s/%s/%s"
                    .formatted(region, parts.access().accountId(), kind.path(), name, id),
                name,
                kind,
                scheme,
                dnsName(name, kind, scheme, region, id),
                "",
                vpc,
                zones(subnets),
                securityGroups(call, vpc, kind),
                Map.of(),
                ElbInput.tags(call),
                parts.clock().instant()));
    return shown(List.of(made));
  }

  private static String dnsName(String name, Kind kind, String scheme, String region, String id) {
    String full = (scheme.equals("internal") ? "internal-" : "") + name + "-";
    return switch (kind) {
      case APPLICATION ->
          full
              + (1_000_000_000L + Long.parseLong(id.substring(0, 7), 16))
              + "."
              + region
              + ".elb.amazonaws.com";
      case NETWORK -> full + id + ".elb." + region + ".amazonaws.com";
    };
  }

  private List<Subnet> subnets(Call call, Kind kind) {
    List<String> ids = new ArrayList<>(call.texts("Subnets"));
    for (JsonNode mapping : call.input().path("SubnetMappings")) {
      if (mapping.has("AllocationId") || mapping.has("PrivateIPv4Address")) {
        throw ElbInput.unsupported("addresses in SubnetMappings");
      }
      ids.add(mapping.path("SubnetId").asText());
    }
    Cloud cloud = parts.clouds().now();
    List<Subnet> found = new ArrayList<>();
    for (String id : ids) {
      Subnet subnet = cloud.subnets().get(id);
      if (subnet == null) {
        throw new AwsException("SubnetNotFound", 400, "The subnet ID '" + id + "' does not exist");
      }
      found.add(subnet);
    }
    checkSubnets(found, kind);
    return found;
  }

  private static void checkSubnets(List<Subnet> found, Kind kind) {
    long zones = found.stream().map(Subnet::zone).distinct().count();
    if (zones < found.size()) {
      throw new AwsException(
          "InvalidConfigurationRequest",
          400,
          "A load balancer cannot be attached to multiple subnets in the same Availability Zone");
    }
    if (found.stream().map(Subnet::vpcId).distinct().count() > 1) {
      throw new AwsException(
          "InvalidConfigurationRequest", 400, "All subnets must belong to the same VPC");
    }
    if (zones < (kind == Kind.APPLICATION ? 2 : 1)) {
      throw ElbInput.invalid(
          kind == Kind.APPLICATION
              ? "At least two subnets in two different Availability Zones must be specified"
              : "At least one subnet must be specified");
    }
  }

  private static List<Zone> zones(List<Subnet> subnets) {
    return subnets.stream().map(each -> new Zone(each.zone(), each.id())).toList();
  }

  /** An application load balancer is in the default group of its VPC, unless groups are named. */
  private List<String> securityGroups(Call call, String vpc, Kind kind) {
    List<String> ids = call.texts("SecurityGroups");
    Map<String, SecurityGroup> groups = parts.clouds().now().groups();
    for (String id : ids) {
      if (!groups.containsKey(id)) {
        throw new AwsException(
            "InvalidSecurityGroup", 400, "The security group '" + id + "' does not exist");
      }
    }
    return ids.isEmpty() && kind == Kind.APPLICATION
        ? groups.values().stream()
            .filter(each -> each.vpcId().equals(vpc) && each.name().equals("default"))
            .map(SecurityGroup::id)
            .toList()
        : ids;
  }

  private ObjectNode describe(Call call) {
    List<String> arns = call.texts("LoadBalancerArns");
    List<String> names = call.texts("Names");
    List<LoadBalancer> all = balancers.view().loadBalancers();
    arns.forEach(this::existing);
    for (String name : names) {
      if (all.stream().noneMatch(each -> each.name().equals(name))) {
        throw new AwsException(
            "LoadBalancerNotFound", 400, "Load balancers '[" + name + "]' not found");
      }
    }
    List<LoadBalancer> found =
        all.stream()
            .filter(each -> arns.isEmpty() || arns.contains(each.arn()))
            .filter(each -> names.isEmpty() || names.contains(each.name()))
            .toList();
    ObjectNode answer = Json.object();
    List<LoadBalancer> page = ElbInput.page(call, found, answer);
    answer.setAll(shown(page));
    return answer;
  }

  private LoadBalancer existing(String arn) {
    return balancers
        .view()
        .loadBalancer(arn)
        .orElseThrow(() ->
            new AwsException(
                "LoadBalancerNotFound", 400, "Load balancers '[" + arn + "]' not found"));
  }

  private static ObjectNode shown(List<LoadBalancer> all) {
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("LoadBalancers");
    all.forEach(each -> list.add(shown(each)));
    return answer;
  }

  private static ObjectNode shown(LoadBalancer each) {
    ObjectNode shown = Json.object();
    shown.put("LoadBalancerArn", each.arn()).put("DNSName", each.dnsName());
    shown.put(
        "CanonicalHostedZoneId",
        each.kind() == Kind.NETWORK ? NETWORK_ZONE_ID : APPLICATION_ZONE_ID);
    shown.put("CreatedTime", each.createdAt().toString());
    shown.put("LoadBalancerName", each.name()).put("Scheme", each.scheme());
    shown.put("VpcId", each.vpcId());
    shown.putObject("State").put("Code", "active");
    shown.put("Type", each.kind().word());
    zones(each, shown.putArray("AvailabilityZones"));
    if (!each.securityGroups().isEmpty()) {
      each.securityGroups().forEach(shown.putArray("SecurityGroups")::add);
    }
    return shown.put("IpAddressType", "ipv4");
  }

  /** One address serves all zones of a home. */
  private static void zones(LoadBalancer each, ArrayNode list) {
    for (Zone zone : each.zones()) {
      ObjectNode shown = list.addObject();
      shown.put("ZoneName", zone.name()).put("SubnetId", zone.subnetId());
      shown.putArray("LoadBalancerAddresses").addObject().put("IpAddress", each.address());
    }
  }

  private ObjectNode delete(Call call) {
    balancers.deleteLoadBalancer(call.text("LoadBalancerArn"));
    return Json.object();
  }

  private ObjectNode attributes(Call call) {
    ObjectNode answer = Json.object();
    ElbInput.showAttributes(
        answer,
        existing(call.text("LoadBalancerArn")).attributes(),
        Attributes.LOAD_BALANCER,
        Attributes.LOAD_BALANCER_FIXED);
    return answer;
  }

  private ObjectNode modify(Call call) {
    LoadBalancer before = existing(call.text("LoadBalancerArn"));
    balancers.update(
        before.withAttributes(
            ElbInput.attributes(
                call,
                before.attributes(),
                Attributes.LOAD_BALANCER,
                Attributes.LOAD_BALANCER_FIXED)));
    return attributes(call);
  }

  private ObjectNode setSecurityGroups(Call call) {
    LoadBalancer before = existing(call.text("LoadBalancerArn"));
    List<String> groups = securityGroups(call, before.vpcId(), before.kind());
    balancers.update(before.withSecurityGroups(groups));
    ObjectNode answer = Json.object();
    groups.forEach(answer.putArray("SecurityGroupIds")::add);
    return answer;
  }

  private ObjectNode setSubnets(Call call) {
    LoadBalancer before = existing(call.text("LoadBalancerArn"));
    LoadBalancer after = before.withZones(zones(subnets(call, before.kind())));
    balancers.update(after);
    ObjectNode answer = Json.object();
    zones(after, answer.putArray("AvailabilityZones"));
    return answer;
  }
}
