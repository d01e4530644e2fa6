package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.net.vpc.Cloud;
import dev.esteira.net.vpc.Clouds;
import dev.esteira.net.vpc.Ranges;
import dev.esteira.net.vpc.Subnet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Subnets in EC2's words. */
final class Ec2NetworkSubnets {
  private final Clouds clouds;
  private final String account;

  Ec2NetworkSubnets(Clouds clouds, String account) {
    this.clouds = clouds;
    this.account = account;
  }

  void addTo(Map<String, Operation> operations) {
    operations.put("DescribeSubnets", this::describe);
    operations.put("CreateSubnet", this::create);
    operations.put("DeleteSubnet", this::delete);
    operations.put("ModifySubnetAttribute", this::modify);
  }

  private Filters<Subnet> filters(Cloud cloud) {
    return new Filters<>(Subnet::tags)
        .one("subnet-id", Subnet::id)
        .one("vpc-id", Subnet::vpcId)
        .one("cidr", Subnet::cidr)
        .one("cidr-block", Subnet::cidr)
        .one("cidrBlock", Subnet::cidr)
        .one("availability-zone", Subnet::zone)
        .one("availabilityZone", Subnet::zone)
        .one("availability-zone-id", subnet -> Ec2Places.zoneId(subnet.zone()))
        .one("available-ip-address-count", s -> String.valueOf(Ranges.free(cloud, s)))
        .one("default-for-az", s -> String.valueOf(s.defaultForZone()))
        .one("defaultForAz", s -> String.valueOf(s.defaultForZone()))
        .one("map-public-ip-on-launch", s -> String.valueOf(s.mapPublicIp()))
        .one("owner-id", _ -> account)
        .one("state", _ -> "available");
  }

  private ObjectNode describe(Call call) {
    Cloud cloud = clouds.now();
    List<Subnet> found =
        filters(cloud)
            .apply(
                call,
                Ec2Missing.select(
                    cloud.subnets(),
                    call.texts("SubnetIds"),
                    "subnet-",
                    "InvalidSubnetID.Malformed",
                    Ec2Missing::subnet));
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("Subnets");
    Ec2.page(call, found, answer).forEach(subnet -> list.add(shown(call, cloud, subnet)));
    return answer;
  }

  private ObjectNode shown(Call call, Cloud cloud, Subnet subnet) {
    ObjectNode shown = Json.object();
    shown.put("AvailabilityZone", subnet.zone());
    shown.put("AvailabilityZoneId", Ec2Places.zoneId(subnet.zone()));
    shown.put("AvailableIpAddressCount", Ranges.free(cloud, subnet));
    shown.put("CidrBlock", subnet.cidr()).put("DefaultForAz", subnet.defaultForZone());
    shown.put("MapPublicIpOnLaunch", subnet.mapPublicIp());
    shown.put("MapCustomerOwnedIpOnLaunch", false).put("State", "available");
    shown.put("SubnetId", subnet.id()).put("VpcId", subnet.vpcId()).put("OwnerId", account);
    shown.put("AssignIpv6AddressOnCreation", false);
    shown.putArray("Ipv6CidrBlockAssociationSet");
    if (!subnet.tags().isEmpty()) {
      shown.set("Tags", Ec2Tags.json(subnet.tags()));
    }
    shown.put("SubnetArn", Arns.ec2(call.caller().region(), account, "subnet/" + subnet.id()));
    shown.put("EnableDns64", false).put("Ipv6Native", false);
    ObjectNode names = shown.putObject("PrivateDnsNameOptionsOnLaunch");
    names.put("HostnameType", "ip-name");
    names.put("EnableResourceNameDnsARecord", false);
    names.put("EnableResourceNameDnsAAAARecord", false);
    return shown;
  }

  private ObjectNode create(Call call) {
    Optional<String> zone =
        call.optional("AvailabilityZone")
            .map(name -> Ec2Places.zone(call, name))
            .or(() -> call.optional("AvailabilityZoneId").map(id -> Ec2Places.zoneOf(call, id)));
    Subnet subnet =
        clouds
            .ranges()
            .createSubnet(
                call.text("VpcId"),
                Ec2.text(call, "CidrBlock"),
                zone,
                Ec2Tags.specified(call, "subnet"));
    ObjectNode answer = Json.object();
    answer.set("Subnet", shown(call, clouds.now(), subnet));
    return answer;
  }

  private ObjectNode delete(Call call) {
    clouds.ranges().deleteSubnet(call.text("SubnetId"));
    return Json.object();
  }

  private ObjectNode modify(Call call) {
    for (String member : call.input().propertyStream().map(Map.Entry::getKey).toList()) {
      boolean wanted = call.input().path(member).path("Value").asBoolean(false);
      switch (member) {
        case "SubnetId" -> {}
        case "MapPublicIpOnLaunch" -> clouds.ranges().mapPublicIp(call.text("SubnetId"), wanted);
        default -> {
          if (wanted) {
            throw Ec2.invalid("esteira does not support the subnet attribute " + member);
          }
        }
      }
    }
    return Json.object();
  }
}
