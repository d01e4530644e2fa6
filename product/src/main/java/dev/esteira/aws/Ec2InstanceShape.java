package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.fleet.Fleet;
import dev.esteira.fleet.HostNames;
import dev.esteira.fleet.Instances;
import dev.esteira.fleet.Instances.Instance;
import dev.esteira.fleet.LiveInstances;
import dev.esteira.fleet.Profiles;
import dev.esteira.net.vpc.Clouds;
import dev.esteira.net.vpc.SecurityGroup;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** An instance as EC2 describes it. */
final class Ec2InstanceShape {
  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'GMT'").withZone(ZoneOffset.UTC);

  private final Fleet fleet;
  private final Clouds clouds;
  private final String account;
  private final String region;

  Ec2InstanceShape(Fleet fleet, Clouds clouds, String account, String region) {
    this.fleet = fleet;
    this.clouds = clouds;
    this.account = account;
    this.region = region;
  }

  static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  static ObjectNode state(Instances.State state) {
    return Json.object().put("Code", state.code()).put("Name", state.word());
  }

  ObjectNode instance(Instance instance) {
    ObjectNode shown = Json.object().put("AmiLaunchIndex", launchIndex(instance));
    shown.put("ImageId", instance.template().imageId()).put("InstanceId", instance.id());
    shown.put("InstanceType", instance.template().instanceType());
    instance.template().keyName().ifPresent(name -> shown.put("KeyName", name));
    shown.put("LaunchTime", time(instance.launchedAt()));
    shown.putObject("Monitoring").put("State", "disabled");
    ObjectNode placement = shown.putObject("Placement");
    placement.put("AvailabilityZone", instance.network().zone());
    placement.put("GroupName", "").put("Tenancy", "default");
    shown.putArray("ProductCodes");
    shown.set("State", state(instance.state()));
    shown.put("StateTransitionReason", transition(instance));
    stateReason(instance).ifPresent(reason -> shown.set("StateReason", reason));
    shown.put("Architecture", "x86_64").put("Hypervisor", "xen").put("EbsOptimized", false);
    shown.put("EnaSupport", true).put("RootDeviceName", "/dev/xvda").put("RootDeviceType", "ebs");
    shown.put("VirtualizationType", "hvm").put("PlatformDetails", "Linux/UNIX");
    shown.put("UsageOperation", "RunInstances");
    shown.put("UsageOperationUpdateTime", time(instance.launchedAt()));
    shown.put("ClientToken", "");
    instance
        .template()
        .instanceProfile()
        .map(Profiles::nameOf)
        .ifPresent(name ->
            shown
                .putObject("IamInstanceProfile")
                .put("Arn", Profiles.arn(account, name))
                .put("Id", Profiles.id(name)));
    options(instance, shown);
    network(instance, shown);
    if (!instance.tags().isEmpty()) {
      shown.set("Tags", Ec2Tags.json(instance.tags()));
    }
    return shown;
  }

  /** Its place in its reservation. */
  private int launchIndex(Instance instance) {
    return (int)
        fleet.instances().all().stream()
            .filter(i -> i.reservationId().equals(instance.reservationId()))
            .filter(i -> i.id().compareTo(instance.id()) < 0)
            .count();
  }

  private void options(Instance instance, ObjectNode shown) {
    LiveInstances.Setup setup = fleet.instances().setup(instance.id());
    shown.set("MetadataOptions", metadata(setup, instance));
    shown.putObject("CpuOptions").put("CoreCount", 1).put("ThreadsPerCore", 1);
    shown
        .putObject("CapacityReservationSpecification")
        .put("CapacityReservationPreference", "open");
    shown.putObject("HibernationOptions").put("Configured", false);
    shown.putObject("EnclaveOptions").put("Enabled", false);
    shown.putObject("MaintenanceOptions").put("AutoRecovery", "default");
    shown
        .putObject("PrivateDnsNameOptions")
        .put("HostnameType", "ip-name")
        .put("EnableResourceNameDnsARecord", false)
        .put("EnableResourceNameDnsAAAARecord", false);
  }

  static ObjectNode metadata(LiveInstances.Setup setup, Instance instance) {
    boolean pending = instance.state() == Instances.State.PENDING;
    return Json.object()
        .put("State", pending ? "pending" : "applied")
        .put("HttpTokens", setup.metadataTokensRequired() ? "required" : "optional")
        .put("HttpPutResponseHopLimit", setup.hopLimit())
        .put("HttpEndpoint", "enabled")
        .put("HttpProtocolIpv6", "disabled")
        .put("InstanceMetadataTags", "enabled");
  }

  private void network(Instance instance, ObjectNode shown) {
    ArrayNode cards = shown.putArray("NetworkInterfaces");
    ArrayNode disks = shown.putArray("BlockDeviceMappings");
    if (instance.state() == Instances.State.TERMINATED) {
      shown.put("PrivateDnsName", "").put("PublicDnsName", "").putArray("SecurityGroups");
      return;
    }
    String address = instance.network().privateAddress();
    String name = HostNames.inside(address, region);
    shown.put("PrivateDnsName", name).put("PrivateIpAddress", address);
    shown.put("VpcId", instance.network().vpcId()).put("SubnetId", instance.network().subnetId());
    shown.put("SourceDestCheck", true);
    Optional<String> outside = instance.publicAddress();
    shown.put("PublicDnsName", outside.map(a -> HostNames.outside(a, region)).orElse(""));
    outside.ifPresent(a -> shown.put("PublicIpAddress", a));
    shown.set("SecurityGroups", groups(instance));
    cards.add(card(instance, name, outside));
    ObjectNode disk = disks.addObject().put("DeviceName", "/dev/xvda").putObject("Ebs");
    disk.put("AttachTime", time(instance.launchedAt())).put("DeleteOnTermination", true);
    disk.put("Status", "attached").put("VolumeId", "vol-" + instance.id().substring(2));
  }

  private ObjectNode card(Instance instance, String name, Optional<String> outside) {
    ObjectNode card = Json.object();
    outside.ifPresent(a -> card.set("Association", association(a)));
    ObjectNode attachment = card.putObject("Attachment");
    attachment.put("AttachTime", time(instance.launchedAt()));
    attachment.put("AttachmentId", "eni-attach-" + instance.network().id().substring(4));
    attachment.put("DeleteOnTermination", true).put("DeviceIndex", 0).put("Status", "attached");
    attachment.put("NetworkCardIndex", 0);
    card.put("Description", "").set("Groups", groups(instance));
    card.putArray("Ipv6Addresses");
    card.put("MacAddress", instance.network().mac());
    card.put("NetworkInterfaceId", instance.network().id()).put("OwnerId", account);
    card.put("PrivateDnsName", name);
    card.put("PrivateIpAddress", instance.network().privateAddress());
    ObjectNode address = card.putArray("PrivateIpAddresses").addObject();
    outside.ifPresent(a -> address.set("Association", association(a)));
    address.put("Primary", true).put("PrivateDnsName", name);
    address.put("PrivateIpAddress", instance.network().privateAddress());
    card.put("SourceDestCheck", true).put("Status", "in-use");
    card.put("SubnetId", instance.network().subnetId());
    card.put("VpcId", instance.network().vpcId()).put("InterfaceType", "interface");
    return card;
  }

  private ObjectNode association(String address) {
    return Json.object()
        .put("IpOwnerId", account)
        .put("PublicDnsName", HostNames.outside(address, region))
        .put("PublicIp", address);
  }

  ArrayNode groups(Instance instance) {
    ArrayNode shown = Json.array();
    for (String id : instance.network().securityGroupIds()) {
      shown.addObject().put("GroupName", groupName(id)).put("GroupId", id);
    }
    return shown;
  }

  private String groupName(String id) {
    return Optional.ofNullable(clouds.now().groups().get(id)).map(SecurityGroup::name).orElse(id);
  }

  private static String transition(Instance instance) {
    String reason = instance.stateReason();
    if (!reason.startsWith("Client.UserInitiatedShutdown")) {
      return reason.isEmpty() ? "" : reason.replaceFirst("^[A-Za-z.]+: ", "");
    }
    return "User initiated" + instance.endedAt().map(at -> " (" + WHEN.format(at) + ")").orElse("");
  }

  private static Optional<ObjectNode> stateReason(Instance instance) {
    String reason = instance.stateReason();
    if (instance.state() == Instances.State.PENDING) {
      return Optional.of(Json.object().put("Code", "pending").put("Message", "pending"));
    }
    if (reason.isEmpty()) {
      return Optional.empty();
    }
    int colon = reason.indexOf(": ");
    String code = colon < 0 ? reason : reason.substring(0, colon);
    return Optional.of(Json.object().put("Code", code).put("Message", reason));
  }
}
