package dev.esteira.edge.elb;

import java.util.Optional;

/** Where targets are. */
public interface Machines {
  /**
   * The address by which a load balancer reaches a target of a group in this VPC: an instance's
   * transit address, or that of an address in the VPC. Empty when there is nobody.
   */
  Optional<String> address(String vpcId, String targetType, String targetId);

  /** Counts a load balancer's address as a member of its groups; an internal one's as inside. */
  void admit(LoadBalancer balancer);

  void dismiss(String loadBalancerArn);

  /** Addresses are what they say, and there are no security groups. */
  static Machines plain() {
    return new Machines() {
      @Override
      public Optional<String> address(String vpcId, String targetType, String targetId) {
        return targetType.equals("ip") ? Optional.of(targetId) : Optional.empty();
      }

      @Override
      public void admit(LoadBalancer balancer) {}

      @Override
      public void dismiss(String loadBalancerArn) {}
    };
  }
}
