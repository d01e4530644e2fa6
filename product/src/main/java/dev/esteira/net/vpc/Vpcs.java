package dev.esteira.net.vpc;

import java.util.List;
import java.util.Optional;

/**
 * The interfaces that machines have in virtual private clouds, and the addresses by which the
 * outside knows them. Durable and idempotent by holder; a holder is {@code instance/i-…}.
 */
public interface Vpcs {
  /**
   * What a machine asks for.
   *
   * @param subnetId empty: a default subnet
   * @param securityGroupIds empty: the default group of the VPC
   * @param zone empty: any; used when no subnet is named
   */
  record Wanted(
      Optional<String> subnetId,
      List<String> securityGroupIds,
      Optional<String> privateAddress,
      Optional<String> zone) {
    public Wanted {
      securityGroupIds = List.copyOf(securityGroupIds);
    }
  }

  /**
   * An interface. {@code transitAddress} is what the host and the load balancers reach it by, and
   * what it comes from when it calls the house.
   */
  record Interface(
      String id,
      String holder,
      String vpcId,
      String subnetId,
      String zone,
      String privateAddress,
      String transitAddress,
      String mac,
      List<String> securityGroupIds) {
    public Interface {
      securityGroupIds = List.copyOf(securityGroupIds);
    }

    /** The same in other security groups. */
    public Interface in(List<String> groupIds) {
      return new Interface(
          id, holder, vpcId, subnetId, zone, privateAddress, transitAddress, mac, groupIds);
    }
  }

  /**
   * Gives the holder an interface, or tells the one it has. {@code NOT_FOUND} when a subnet or
   * group is not there, {@code CONFLICT} when the address is taken, {@code LIMIT} when the subnet
   * is full.
   */
  Interface take(String holder, Wanted wanted);

  Optional<Interface> of(String holder);

  /** Makes {@code eth0} in the network namespace of this process; again after each restart. */
  void plug(String holder, long pid);

  /** Takes the interface away, and whatever was bound to it. */
  void release(String holder);

  /** Puts the interface into these groups; acts within a second, on flows that began as well. */
  void secure(String holder, List<String> securityGroupIds);

  /** The holder whose transit address this is. */
  Optional<String> holderOf(String transitAddress);

  /** Brings what is sent to an address of the pool to the holder's interface, and nobody else. */
  void bind(String poolAddress, String holder);

  void unbind(String poolAddress);

  /** Counts an address of the house (a load balancer's) as a member of the groups. */
  void admit(Cloud.Admission admission);

  void dismiss(String member);

  /**
   * The tcp port of the house address that answers at 169.254.169.254:80 inside, where callers are
   * seen by their transit address. Until it is told, that address refuses at once.
   */
  void metadata(int port);
}
