package dev.esteira.edge.elb;

import dev.esteira.edge.elb.LoadBalancers.HealthCheck;
import dev.esteira.edge.elb.LoadBalancers.Target;
import dev.esteira.edge.elb.Targets.Health;
import dev.esteira.edge.elb.Targets.TargetHealth;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The health of a target group: what {@link HealthMachine} remembers.
 *
 * @param used whether a listener sends here; if not, nothing is checked
 * @param members by {@link #key}
 */
record HealthState(HealthCheck check, int delaySeconds, boolean used, Map<String, Member> members) {
  HealthState {
    members = Collections.unmodifiableMap(new TreeMap<>(members));
  }

  /** A target and what is known of it. */
  record Member(Target target, Status status) {}

  /**
   * What is known of a target.
   *
   * <pre>
   * Initial --passed--> Healthy <--passes-- Unhealthy      any --deregistered--> Draining --> gone
   *    |---failures--------------------------^   ^
   *              Healthy --------failures--------|
   * </pre>
   */
  sealed interface Status {
    record Initial(boolean checked, int failures) implements Status {}

    record Healthy(int failures) implements Status {}

    record Unhealthy(int passes, String reason, String description) implements Status {}

    record Draining(Instant until) implements Status {}

    /** There is no such machine, or it does not run. */
    record Absent(String description) implements Status {}
  }

  static String key(Target target) {
    return target.id() + ":" + target.port();
  }

  HealthState with(Map<String, Member> next) {
    return new HealthState(check, delaySeconds, used, next);
  }

  /** What is told of a member. */
  TargetHealth health(Member member) {
    if (member.status() instanceof Status.Draining) {
      return new TargetHealth(
          Health.DRAINING,
          "Target.DeregistrationInProgress",
          "Target deregistration is in progress");
    }
    if (!used) {
      return new TargetHealth(
          Health.UNUSED,
          "Target.NotInUse",
          "Target group is not configured to receive traffic from the load balancer");
    }
    if (!check.enabled() && !(member.status() instanceof Status.Absent)) {
      return new TargetHealth(Health.HEALTHY, "", "");
    }
    return switch (member.status()) {
      case Status.Initial(boolean checked, int _) ->
          checked
              ? new TargetHealth(
                  Health.INITIAL, "Elb.InitialHealthChecking", "Initial health checks in progress")
              : new TargetHealth(
                  Health.INITIAL,
                  "Elb.RegistrationInProgress",
                  "Target registration is in progress");
      case Status.Healthy _ -> new TargetHealth(Health.HEALTHY, "", "");
      case Status.Unhealthy(int _, String reason, String description) ->
          new TargetHealth(Health.UNHEALTHY, reason, description);
      case Status.Absent(String description) ->
          new TargetHealth(Health.UNUSED, "Target.InvalidState", description);
      case Status.Draining _ -> throw new IllegalStateException("told above");
    };
  }

  /** Who gets traffic: the healthy; all unhealthy ones when none is healthy. */
  List<String> serving() {
    List<String> healthy = having(Health.HEALTHY);
    return healthy.isEmpty() ? having(Health.UNHEALTHY) : healthy;
  }

  private List<String> having(Health health) {
    List<String> keys = new ArrayList<>();
    members.forEach((key, member) -> {
      if (health(member).health() == health) {
        keys.add(key);
      }
    });
    return keys;
  }
}
