package dev.esteira.edge.elb;

import java.util.Optional;

/** The part of target groups that Auto Scaling groups use. Durable, idempotent, thread-safe. */
public interface Targets {
  /** What is known of a target's health, in the words of the Elastic Load Balancing API. */
  enum Health {
    INITIAL,
    HEALTHY,
    UNHEALTHY,
    UNUSED,
    DRAINING
  }

  /** {@code reason} is such as {@code Target.ResponseCodeMismatch}; empty when healthy. */
  record TargetHealth(Health health, String reason, String description) {}

  /** Adds an instance at the group's port. {@code NOT_FOUND} for an unknown group. */
  void register(String targetGroupArn, String instanceId);

  /** Drains it for the group's deregistration delay, then takes it out. */
  void deregister(String targetGroupArn, String instanceId);

  /** Empty when it is not a target of the group, or no longer. */
  Optional<TargetHealth> health(String targetGroupArn, String instanceId);

  /** Hears when the health of a target changes. Must return soon. */
  void onHealth(Listener listener);

  /** Told after the change. */
  @FunctionalInterface
  interface Listener {
    void changed(String targetGroupArn, String instanceId, TargetHealth health);
  }
}
