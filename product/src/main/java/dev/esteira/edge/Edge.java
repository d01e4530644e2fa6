package dev.esteira.edge;

import dev.esteira.base.EsteiraException;
import java.util.List;
import java.util.Optional;

/**
 * The load balancers of a home: HAProxy with static configuration, changed by its runtime API, and
 * the capture of addresses by {@code net}. Every call is durable and idempotent; a restarted
 * HAProxy is replayed. Traffic flows without this process.
 */
public interface Edge {
  /** How traffic is treated: whole requests (with retry of idempotent ones), or bytes. */
  enum Mode {
    HTTP,
    TCP
  }

  /**
   * A balanced service.
   *
   * @param id unique: {@code service/NAMESPACE/NAME/PORT}
   * @param addresses where it answers: pool addresses, ClusterIPs
   * @param stickySeconds client address affinity, 0 for none; rounded up to 1 minute, 10 minutes, 3
   *     hours or a day
   * @param traits what is special about it; empty for the usual
   */
  record Service(
      String id,
      Mode mode,
      List<String> addresses,
      int port,
      int stickySeconds,
      Optional<Traits> traits) {
    public Service(String id, Mode mode, List<String> addresses, int port, int stickySeconds) {
      this(id, mode, addresses, port, stickySeconds, Optional.empty());
    }

    public Service {
      EdgeRules.checkId("service", id);
      addresses.forEach(EdgeRules::checkAddress);
      EdgeRules.checkPort(port);
      addresses = List.copyOf(addresses);
      if (stickySeconds < 0) {
        throw EsteiraException.invalid(
            "the service '" + id + "' sticks for " + stickySeconds + " s: less than 0");
      }
    }
  }

  /**
   * What a service does otherwise than usual.
   *
   * @param source the address that targets see as their client; empty for the host's own
   * @param leastConnections whether HTTP goes to the target with the fewest open requests rather
   *     than in turns
   * @param cookieSeconds how long the cookie lives by which clients keep their target, 0 for none
   * @param tls whether targets speak TLS; whose certificate they show does not matter
   * @param proxyProtocol whether targets are told the client's address by the PROXY protocol, 2
   */
  record Traits(
      String source,
      boolean leastConnections,
      int cookieSeconds,
      boolean tls,
      boolean proxyProtocol) {
    static final Traits USUAL = new Traits("", false, 0, false, false);

    public Traits {
      if (!source.isEmpty()) {
        EdgeRules.checkAddress(source);
      }
      if (cookieSeconds < 0 || cookieSeconds > 604_800) {
        throw EsteiraException.invalid(
            "a cookie of " + cookieSeconds + " s: expected 0 to 604800 (7 days)");
      }
    }
  }

  /** A server of a service; {@code id} is unique within it (a pod's uid). */
  record Target(String id, String address, int port) {
    public Target {
      EdgeRules.checkId("target", id);
      EdgeRules.checkAddress(address);
      EdgeRules.checkPort(port);
    }
  }

  /** What the balancer sees of a target. */
  record TargetState(
      String id,
      String address,
      int port,
      String status,
      int connections,
      Optional<String> reason) {}

  /**
   * Makes or changes the service; its targets stay. {@code CONFLICT} when another has one of its
   * addresses with this port, {@code LIMIT} when the balancer has no free slot.
   */
  void put(Service service);

  void remove(String serviceId);

  List<Service> services();

  /**
   * Sends traffic to the target from when this returns; the caller knows that it is ready. {@code
   * NOT_FOUND} when there is no such service.
   */
  void add(String serviceId, Target target);

  /**
   * Sends no new requests to the target, waits until its connections are 0 or the grace has passed,
   * then removes it. Returns when the target may be stopped.
   */
  void drain(String serviceId, String targetId, long graceMillis);

  /**
   * Sends no new requests to the target until it is added again; what runs goes on. Returns at
   * once.
   */
  default void rest(String serviceId, String targetId) {
    throw new UnsupportedOperationException("rest");
  }

  /** The ids of the targets that get no new requests: they rest, or are being drained. */
  default List<String> resting(String serviceId) {
    return List.of();
  }

  /** Removes a target that is dead already, at once. */
  void drop(String serviceId, String targetId);

  List<TargetState> targets(String serviceId);
}
