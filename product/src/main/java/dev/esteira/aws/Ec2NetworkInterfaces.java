package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.net.vpc.Cloud;
import dev.esteira.net.vpc.Clouds;
import dev.esteira.net.vpc.NetworkInterface;
import dev.esteira.net.vpc.SecurityGroup;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Network interfaces in EC2's words: those of instances, which come and go with them. */
final class Ec2NetworkInterfaces {
  private static final String INSTANCE = "instance/";

  private final Clouds clouds;
  private final String account;

  Ec2NetworkInterfaces(Clouds clouds, String account) {
    this.clouds = clouds;
    this.account = account;
  }

  void addTo(Map<String, Operation> operations) {
    operations.put("DescribeNetworkInterfaces", this::describe);
    operations.put("ModifyNetworkInterfaceAttribute", this::modify);
    operations.put("DescribeDhcpOptions", this::dhcpOptions);
  }

  private static Optional<String> instance(NetworkInterface nic) {
    return nic.holder().startsWith(INSTANCE)
        ? Optional.of(nic.holder().substring(INSTANCE.length()))
        : Optional.empty();
  }

  private static Optional<String> publicAddress(Cloud cloud, NetworkInterface nic) {
    return cloud.bindings().values().stream()
        .filter(binding -> binding.holder().equals(nic.holder()))
        .map(Cloud.Binding::address)
        .findFirst();
  }

  private Filters<NetworkInterface> filters(Cloud cloud) {
    return new Filters<NetworkInterface>(_ -> Map.of())
        .one("network-interface-id", NetworkInterface::id)
        .one("vpc-id", NetworkInterface::vpcId)
        .one("subnet-id", NetworkInterface::subnetId)
        .one("availability-zone", nic -> zone(cloud, nic))
        .one("mac-address", NetworkInterface::mac)
        .one("private-ip-address", NetworkInterface::privateAddress)
        .one("addresses.private-ip-address", NetworkInterface::privateAddress)
        .many("group-id", NetworkInterface::securityGroupIds)
        .many(
            "group-name",
            nic -> nic.securityGroupIds().stream().map(id -> groupName(cloud, id)).toList())
        .maybe("association.public-ip", nic -> publicAddress(cloud, nic))
        .maybe("attachment.instance-id", Ec2NetworkInterfaces::instance)
        .one("attachment.status", _ -> "attached")
        .one("interface-type", _ -> "interface")
        .one("owner-id", _ -> account)
        .one("status", _ -> "in-use")
        .one("description", _ -> "")
        .one("requester-managed", _ -> "false");
  }

  private static String groupName(Cloud cloud, String id) {
    SecurityGroup group = cloud.groups().get(id);
    return group == null ? "" : group.name();
  }

  private static String zone(Cloud cloud, NetworkInterface nic) {
    return Optional.ofNullable(cloud.subnets().get(nic.subnetId())).map(s -> s.zone()).orElse("");
  }

  private ObjectNode describe(Call call) {
    Cloud cloud = clouds.now();
    List<NetworkInterface> found =
        filters(cloud)
            .apply(
                call,
                Ec2Missing.select(
                    cloud.interfaces(),
                    call.texts("NetworkInterfaceIds"),
                    "eni-",
                    "InvalidNetworkInterfaceId.Malformed",
                    Ec2Missing::networkInterface));
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("NetworkInterfaces");
    Ec2.page(call, found, answer).forEach(nic -> list.add(shown(cloud, nic)));
    return answer;
  }

  private ObjectNode shown(Cloud cloud, NetworkInterface nic) {
    ObjectNode shown = Json.object();
    Optional<ObjectNode> association =
        publicAddress(cloud, nic)
            .map(ip -> Json.object().put("IpOwnerId", account).put("PublicIp", ip));
    association.ifPresent(a -> shown.set("Association", a));
    ObjectNode attachment = shown.putObject("Attachment");
    attachment.put("AttachmentId", nic.id().replaceFirst("^eni-", "eni-attach-"));
    attachment.put("DeleteOnTermination", true).put("DeviceIndex", 0);
    attachment.put("NetworkCardIndex", 0).put("Status", "attached");
    instance(nic).ifPresent(id -> attachment.put("InstanceId", id).put("InstanceOwnerId", account));
    shown.put("AvailabilityZone", zone(cloud, nic)).put("Description", "");
    ArrayNode groups = shown.putArray("Groups");
    for (String id : nic.securityGroupIds()) {
      groups.addObject().put("GroupName", groupName(cloud, id)).put("GroupId", id);
    }
    shown.put("InterfaceType", "interface").putArray("Ipv6Addresses");
    shown.put("MacAddress", nic.mac()).put("NetworkInterfaceId", nic.id());
    shown.put("OwnerId", account).put("PrivateDnsName", dnsName(nic));
    shown.put("PrivateIpAddress", nic.privateAddress());
    ObjectNode address = shown.putArray("PrivateIpAddresses").addObject();
    association.ifPresent(a -> address.set("Association", a.deepCopy()));
    address.put("Primary", true).put("PrivateDnsName", dnsName(nic));
    address.put("PrivateIpAddress", nic.privateAddress());
    shown.put("RequesterManaged", false).put("SourceDestCheck", true).put("Status", "in-use");
    shown.put("SubnetId", nic.subnetId()).putArray("TagSet");
    return shown.put("VpcId", nic.vpcId());
  }

  private static String dnsName(NetworkInterface nic) {
    return "ip-" + nic.privateAddress().replace('.', '-') + ".ec2.internal";
  }

  private ObjectNode modify(Call call) {
    String id = call.text("NetworkInterfaceId");
    NetworkInterface nic = clouds.now().interfaces().get(id);
    if (nic == null) {
      throw Ec2Missing.networkInterface(id);
    }
    if (!call.input().has("Groups")) {
      throw Ec2.invalid("esteira changes only the security groups of an interface");
    }
    clouds.secure(nic.holder(), call.texts("Groups"));
    return Json.object();
  }

  private ObjectNode dhcpOptions(Call call) {
    for (String id : call.texts("DhcpOptionsIds")) {
      if (!id.equals(Ec2NetworkVpcs.DHCP_OPTIONS)) {
        throw new AwsException(
            "InvalidDhcpOptionID.NotFound", 400, "The dhcpOption ID '" + id + "' does not exist");
      }
    }
    ObjectNode answer = Json.object();
    ObjectNode options = answer.putArray("DhcpOptions").addObject();
    ArrayNode configurations = options.putArray("DhcpConfigurations");
    Map.of("domain-name", "ec2.internal", "domain-name-servers", "AmazonProvidedDNS")
        .forEach((key, value) -> {
          ObjectNode each = configurations.addObject().put("Key", key);
          each.putArray("Values").addObject().put("Value", value);
        });
    options.put("DhcpOptionsId", Ec2NetworkVpcs.DHCP_OPTIONS).put("OwnerId", account);
    options.putArray("Tags");
    return answer;
  }
}
