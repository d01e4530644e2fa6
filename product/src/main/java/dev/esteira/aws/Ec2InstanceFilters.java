package dev.esteira.aws;

import dev.esteira.fleet.HostNames;
import dev.esteira.fleet.Instances.Instance;
import dev.esteira.fleet.Profiles;
import dev.esteira.net.vpc.Clouds;
import dev.esteira.net.vpc.SecurityGroup;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Stream;

/** The filters of describe-instances. */
final class Ec2InstanceFilters {
  private Ec2InstanceFilters() {}

  static Filters<Instance> of(Clouds clouds, String account, String region) {
    Filters<Instance> filters =
        new Filters<Instance>(Instance::tags)
            .one("architecture", _ -> "x86_64")
            .one("availability-zone", i -> i.network().zone())
            .one("hypervisor", _ -> "xen")
            .one("image-id", i -> i.template().imageId())
            .one("instance-id", Instance::id)
            .one("instance-state-code", i -> String.valueOf(i.state().code()))
            .one("instance-state-name", i -> i.state().word())
            .one("instance-type", i -> i.template().instanceType())
            .one("launch-time", i -> Ec2InstanceShape.time(i.launchedAt()))
            .one("monitoring-state", _ -> "disabled")
            .one("owner-id", _ -> account)
            .one("platform-details", _ -> "Linux/UNIX")
            .one("requester-id", _ -> account)
            .one("reservation-id", Instance::reservationId)
            .one("root-device-name", _ -> "/dev/xvda")
            .one("root-device-type", _ -> "ebs")
            .one("tenancy", _ -> "default")
            .one("virtualization-type", _ -> "hvm")
            .maybe("key-name", i -> i.template().keyName())
            .maybe(
                "iam-instance-profile.arn",
                i ->
                    i.template()
                        .instanceProfile()
                        .map(Profiles::nameOf)
                        .map(name -> Profiles.arn(account, name)))
            .maybe(
                "iam-instance-profile.name",
                i -> i.template().instanceProfile().map(Profiles::nameOf));
    network(filters, region);
    return groups(filters, clouds);
  }

  private static void network(Filters<Instance> filters, String region) {
    for (String prefix : new String[] {"", "network-interface."}) {
      filters
          .maybe(prefix + "subnet-id", i -> present(i, i.network().subnetId()))
          .maybe(prefix + "vpc-id", i -> present(i, i.network().vpcId()));
    }
    filters
        .maybe("private-ip-address", i -> present(i, i.network().privateAddress()))
        .maybe("network-interface.network-interface-id", i -> present(i, i.network().id()))
        .maybe(
            "network-interface.addresses.private-ip-address",
            i -> present(i, i.network().privateAddress()))
        .maybe(
            "private-dns-name",
            i -> present(i, HostNames.inside(i.network().privateAddress(), region)))
        .maybe("ip-address", Instance::publicAddress)
        .maybe("network-interface.association.public-ip", Instance::publicAddress)
        .maybe("dns-name", i -> i.publicAddress().map(a -> HostNames.outside(a, region)));
  }

  /** A terminated instance has no network any more. */
  private static Optional<String> present(Instance instance, String value) {
    return instance.endedAt().isPresent() ? Optional.empty() : Optional.of(value);
  }

  private static Filters<Instance> groups(Filters<Instance> filters, Clouds clouds) {
    for (String name : new String[] {"instance.group-id", "network-interface.group-id"}) {
      filters.many(name, i -> i.network().securityGroupIds());
    }
    return filters
        .many("group-id", i -> i.network().securityGroupIds())
        .many("instance.group-name", i -> names(clouds, i))
        .many("group-name", i -> names(clouds, i));
  }

  private static Collection<String> names(Clouds clouds, Instance instance) {
    return instance.network().securityGroupIds().stream()
        .flatMap(id -> Stream.ofNullable(clouds.now().groups().get(id)))
        .map(SecurityGroup::name)
        .toList();
  }
}
