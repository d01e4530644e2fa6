package dev.esteira.fleet;

import dev.esteira.net.vpc.Vpcs;

/** The names that EC2 gives to machines by their addresses. Pure. */
public final class HostNames {
  private HostNames() {}

  static String host(Life life) {
    return life.network().map(Vpcs.Interface::privateAddress).map(HostNames::host).orElse("host");
  }

  private static String host(String address) {
    return "ip-" + address.replace('.', '-');
  }

  /** {@code ip-10-0-1-5.ec2.internal}; other regions have their name in it. */
  public static String inside(String address, String region) {
    return host(address)
        + (region.equals("us-east-1") ? ".ec2.internal" : "." + region + ".compute.internal");
  }

  /** {@code ec2-10-77-1-4.compute-1.amazonaws.com}. */
  public static String outside(String address, String region) {
    return "ec2-"
        + address.replace('.', '-')
        + (region.equals("us-east-1") ? ".compute-1" : "." + region + ".compute")
        + ".amazonaws.com";
  }
}
