package dev.esteira.app;

import dev.esteira.aws.AwsFeature;
import dev.esteira.aws.Ec2Addresses;
import dev.esteira.aws.Ec2Images;
import dev.esteira.aws.Ec2Instances;
import dev.esteira.aws.Ec2KeyPairs;
import dev.esteira.aws.Ec2Network;
import dev.esteira.aws.IamFeature;
import dev.esteira.aws.LaunchTemplateSource;
import dev.esteira.aws.SsmCommands;
import dev.esteira.aws.SsmFeature;
import dev.esteira.base.SecretBox;
import dev.esteira.console.InstanceApi;
import dev.esteira.engine.EngineHost;
import dev.esteira.fleet.Fleet;
import dev.esteira.fleet.Ground;
import dev.esteira.http.HttpServer;
import dev.esteira.http.JettyHttpServer;
import java.net.InetSocketAddress;
import java.util.List;

/** The machines of a home, their networks, and their metadata service. */
record Machines(Foundation base, VirtualNetworks virtual, Fleet fleet) {
  private static final int ANY_PORT = 0;

  /** Wired; what should run is taken up by {@link #start}, when every door answers. */
  static Machines open(Foundation base, Warehouse warehouse, VirtualNetworks virtual, Parts parts) {
    Fleet fleet =
        parts.add(
            new Fleet(
                new Ground(
                    base.home(),
                    base.ledger(),
                    base.engine(),
                    warehouse.proxy(),
                    virtual.vpcs(),
                    virtual.clouds(),
                    base.networks(),
                    base.access(),
                    warehouse.images(),
                    Pipelines.REGION,
                    base.addresses().house(),
                    base.authority().rootPem(),
                    base.authority()::bundle,
                    base.clock())));
    HttpServer metadata = parts.add(new JettyHttpServer("metadata", fleet.metadata()));
    int port = metadata.listen(new InetSocketAddress(base.addresses().house(), ANY_PORT));
    virtual.vpcs().metadata(port);
    return new Machines(base, virtual, fleet);
  }

  /** The parameter store: for those who call it, and for builds whose file names parameters. */
  static SsmFeature parameters(Foundation base) {
    return new SsmFeature(
        base.ledger(), SecretBox.in(base.home().keys()), base.access(), base.clock());
  }

  List<AwsFeature> features(LaunchTemplateSource templates) {
    return List.of(
        new Ec2Network(virtual.clouds(), base.access(), id -> fleet.addresses().byAllocation(id)),
        new Ec2Instances(fleet, virtual.clouds(), base.access(), templates),
        new Ec2Addresses(fleet, base.access()),
        new Ec2Images(fleet, base.access()),
        new Ec2KeyPairs(fleet),
        new IamFeature(fleet.roles(), base.access(), base.clock()),
        parameters(base),
        new SsmCommands(fleet, base.clock()));
  }

  /** The holders of the interfaces of the instances with this Name tag. */
  List<String> named(String name) {
    return fleet.instances().all().stream()
        .filter(instance -> name.equals(instance.tags().get("Name")))
        .filter(instance -> virtual.vpcs().of("instance/" + instance.id()).isPresent())
        .map(instance -> "instance/" + instance.id())
        .toList();
  }

  InstanceApi api() {
    return new InstanceApi(fleet.instances(), EngineHost.socket(base.home()).toString());
  }

  void start() {
    fleet.start();
  }
}
