package dev.esteira.net;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The addresses of a home and the bridges of its sandboxes. All calls are idempotent; everything
 * carries the home's id; {@link #down} leaves nothing behind.
 *
 * <pre>
 * slot n (0-15, chosen free at first start and recorded):
 *   10.77.(16n).0/20      house range, local on lo
 *     .0.1                house address: every door listens here
 *     .1.0 - .7.255       load balancer addresses and Elastic IPs (10.77.a.b is also 127.77.a.b)
 *     .8.0 - .15.255      ClusterIPs
 *   10.(128+n).0.0/16     sandboxes: a /28 for each job, 10.(128+n).128.0/18 for pods,
 *                         10.(128+n).192.0/20 and 224.0/19 the engine's default pool,
 *                         10.(128+n).208.0/20 interfaces of virtual private clouds
 * </pre>
 */
public interface Networks {
  /** A sandbox's bridge: its engine network, the gateway on it, and its subnet in CIDR form. */
  record Bridge(String owner, String network, String bridge, String subnet, String gateway) {}

  /** The address at which every door answers, from the host and from every sandbox. */
  String houseAddress();

  /** The house range in CIDR form. */
  String houseRange();

  /** The range of all sandboxes in CIDR form. */
  String sandboxRange();

  /** The part of it in which interfaces of virtual private clouds are known to the house. */
  default String transitRange() {
    throw new UnsupportedOperationException("no virtual private clouds here");
  }

  /** Lets those interfaces reach this tcp port of the house address, beside its doors. */
  default void metadata(int port) {}

  /** Who answers {@link #ownerOf} for addresses of {@link #transitRange}. */
  default void transitOwners(Function<String, Optional<String>> owners) {}

  /** Makes the range local, the nftables table, and what earlier sandboxes still need. */
  void up();

  /** The bridge of this owner, made if need be. {@code pods} takes the large pod subnet. */
  Bridge bridge(String owner, boolean pods);

  /**
   * Makes the bridge of one owner another's, with all that is on it; durable, and the same again is
   * fine. {@code NOT_FOUND} when there is none, {@code CONFLICT} when the other has one.
   */
  Bridge handOver(String from, String to);

  /** The bridge that this owner has. */
  default Optional<Bridge> bridgeOf(String owner) {
    return Optional.empty();
  }

  /** Removes the owner's bridge and its engine network. */
  void removeBridge(String owner);

  /** The owner whose sandbox has this source address. */
  Optional<String> ownerOf(String sourceAddress);

  /** Takes a free address of the pool for this holder, or the one it has; durable. */
  String takePoolAddress(String holder);

  /** Takes a free ClusterIP, or this wanted one ({@code CONFLICT} when it is taken); durable. */
  String takeClusterAddress(String holder, Optional<String> wanted);

  void releaseAddress(String holder);

  /** Sends house address:port (tcp) on to another of our ports: 443, 80, 53 of the house. */
  void redirect(String protocol, int port, int toPort);

  /**
   * The tcp ports of the house address that sandboxes may reach; until the first call, all. What is
   * redirected and captured can be reached without being named here.
   */
  default void doors(List<Integer> tcpPorts) {}

  /** Sends every tcp connection to these addresses of our range on to house address:port. */
  void capture(List<Captured> all);

  /** An address and port of the range that goes to the load balancer's frontend port. */
  record Captured(String address, int port, int frontendPort) {}

  /**
   * From now on only these may open tcp connections to the addresses named, by what their packets
   * come from; all other addresses of the range are open. What is open already stays.
   */
  default void guard(List<Guarded> all) {}

  /** An address of the range, and who may connect to it. */
  record Guarded(String address, List<Admitted> admitted) {
    public Guarded {
      admitted = List.copyOf(admitted);
    }
  }

  /** A range in CIDR form, or one address, and the ports that it may connect to. */
  record Admitted(String range, int fromPort, int toPort) {}

  /** Removes bridges, routes and the table of this home. */
  void down();
}
