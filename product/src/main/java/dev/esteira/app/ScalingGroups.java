package dev.esteira.app;

import dev.esteira.aws.AutoScaling;
import dev.esteira.aws.AwsFeature;
import dev.esteira.aws.Ec2LaunchTemplates;
import dev.esteira.aws.LaunchTemplateSource;
import dev.esteira.console.GroupApi;
import dev.esteira.engine.EngineHost;
import dev.esteira.fleet.Fleet;
import dev.esteira.fleet.InstanceTypes;
import dev.esteira.fleet.PublicAddresses;
import dev.esteira.fleet.group.CpuReadings;
import dev.esteira.fleet.group.Groups;
import dev.esteira.net.vpc.Clouds;
import java.nio.file.Path;
import java.util.List;

/** Auto Scaling groups over the machines of a home, and the calls in front of them. */
record ScalingGroups(Groups groups, Ec2LaunchTemplates templates, AutoScaling scaling) {
  static ScalingGroups open(
      Foundation base, Machines machines, LoadBalancing balancing, Parts parts) {
    Fleet fleet = machines.fleet();
    Clouds clouds = machines.virtual().clouds();
    Groups groups =
        parts.add(
            new Groups(
                new Groups.Parts(
                    base.ledger(),
                    fleet.instances(),
                    balancing.elb(),
                    (from, to) -> move(fleet.addresses(), from, to),
                    new CpuReadings(
                        Path.of("/sys/fs/cgroup"),
                        EngineHost.cgroupParent(base.home()),
                        id -> processors(fleet, id),
                        base.clock()),
                    base.clock())));
    fleet.metadata().lifecycleStates(groups::targetLifecycle);
    return new ScalingGroups(
        groups,
        new Ec2LaunchTemplates(groups, base.access()),
        new AutoScaling(groups, base.access(), clouds));
  }

  private static int processors(Fleet fleet, String id) {
    return fleet
        .instances()
        .instance(id)
        .flatMap(instance -> InstanceTypes.find(instance.template().instanceType()))
        .map(InstanceTypes.Type::processors)
        .orElse(1);
  }

  /** Brings the elastic address of one instance to another, which has none. */
  private static void move(PublicAddresses addresses, String from, String to) {
    if (addresses.elastic().stream().anyMatch(address -> leads(address, to))) {
      return;
    }
    addresses.elastic().stream()
        .filter(address -> leads(address, from))
        .findFirst()
        .ifPresent(address -> addresses.associate(address.allocationId(), to, true));
  }

  private static boolean leads(PublicAddresses.Address address, String instance) {
    return address.association().filter(a -> a.instance().equals(instance)).isPresent();
  }

  LaunchTemplateSource source() {
    return templates.source();
  }

  List<AwsFeature> features() {
    return List.of(templates, scaling);
  }

  GroupApi api() {
    return new GroupApi(groups);
  }

  /** After the machines: what they were doing is known then. */
  void start() {
    groups.start();
  }
}
