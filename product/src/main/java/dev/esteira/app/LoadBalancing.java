package dev.esteira.app;

import dev.esteira.aws.AcmFeature;
import dev.esteira.aws.AwsFeature;
import dev.esteira.aws.ElbFeature;
import dev.esteira.edge.HaproxyEdge;
import dev.esteira.edge.elb.Certificates;
import dev.esteira.edge.elb.Elb;
import dev.esteira.edge.elb.FrontGuard;
import dev.esteira.edge.elb.LoadBalancer;
import dev.esteira.edge.elb.Machines;
import dev.esteira.names.NameServer;
import dev.esteira.net.vpc.Cloud;
import dev.esteira.net.vpc.Clouds;
import dev.esteira.net.vpc.NetworkInterface;
import dev.esteira.net.vpc.Vpcs;
import java.util.List;
import java.util.Optional;

/** Elastic load balancers, their certificates, and the calls in front of them. */
record LoadBalancing(Elb elb, Certificates certificates, Foundation base, Clouds clouds) {
  /** {@code vpcs} is empty where nobody enforces security groups. */
  static LoadBalancing open(
      Foundation base, HaproxyEdge edge, Clouds clouds, Optional<Vpcs> vpcs, Parts parts) {
    Elb elb =
        parts.add(
            new Elb(
                new Elb.Parts(
                    base.ledger(),
                    base.networks(),
                    edge,
                    edge,
                    new CloudMachines(clouds, vpcs),
                    base.clock())));
    elb.start();
    FrontGuard guard = parts.add(new FrontGuard(elb, clouds, base.networks()));
    guard.start();
    return new LoadBalancing(
        elb, new Certificates(base.ledger(), base.authority(), edge), base, clouds);
  }

  List<AwsFeature> features() {
    return List.of(
        new ElbFeature(
            new ElbFeature.Parts(elb, certificates, clouds, base.access(), base.clock())),
        new AcmFeature(elb, certificates, base.access(), base.clock()));
  }

  /** Names of load balancers first: some look like those of AWS's own doors. */
  NameServer.ClusterNames names(NameServer.ClusterNames others) {
    return name -> elb.addresses(name).or(() -> others.addresses(name));
  }

  /** Machines by their interfaces in the clouds. */
  private record CloudMachines(Clouds clouds, Optional<Vpcs> vpcs) implements Machines {
    @Override
    public Optional<String> address(String vpcId, String targetType, String targetId) {
      if (targetType.equals("instance")) {
        return clouds
            .now()
            .interfaceOf("instance/" + targetId)
            .map(NetworkInterface::transitAddress);
      }
      return Optional.of(
          clouds.now().interfaces().values().stream()
              .filter(each -> each.vpcId().equals(vpcId))
              .filter(each -> each.privateAddress().equals(targetId))
              .map(NetworkInterface::transitAddress)
              .findFirst()
              .orElse(targetId));
    }

    @Override
    public void admit(LoadBalancer balancer) {
      Optional<String> inside =
          Optional.of(balancer.vpcId()).filter(_ -> balancer.scheme().equals("internal"));
      Cloud.Admission admission =
          new Cloud.Admission(
              balancer.arn(), balancer.address(), balancer.securityGroups(), inside);
      vpcs.ifPresent(each -> each.admit(admission));
    }

    @Override
    public void dismiss(String loadBalancerArn) {
      vpcs.ifPresent(each -> each.dismiss(loadBalancerArn));
    }
  }
}
