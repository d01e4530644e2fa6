package dev.esteira.edge.elb;

import dev.esteira.edge.Routing;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Elastic load balancers, their listeners and rules, and target groups. Durable; what is said acts
 * when the call returns. Thread-safe. Refusals are {@link ElbRefused}.
 */
public interface LoadBalancers {
  /**
   * How targets are checked.
   *
   * @param port {@code traffic-port} or a number
   * @param matcher codes and ranges that are healthy: {@code 200,301-302}
   */
  record HealthCheck(
      boolean enabled,
      String protocol,
      String port,
      String path,
      int intervalSeconds,
      int timeoutSeconds,
      int healthyThreshold,
      int unhealthyThreshold,
      String matcher) {
    public boolean overHttp() {
      return !protocol.equals("TCP");
    }

    int portFor(int trafficPort) {
      return port.equals("traffic-port") ? trafficPort : Integer.parseInt(port);
    }
  }

  /** A target group; {@code targetType} is {@code instance} or {@code ip}. */
  record TargetGroup(
      String arn,
      String name,
      String protocol,
      int port,
      String targetType,
      String vpcId,
      HealthCheck check,
      Map<String, String> attributes,
      Map<String, String> tags) {
    public TargetGroup {
      attributes = Map.copyOf(attributes);
      tags = Map.copyOf(tags);
    }

    public TargetGroup withCheck(HealthCheck next) {
      return new TargetGroup(arn, name, protocol, port, targetType, vpcId, next, attributes, tags);
    }

    public TargetGroup withAttributes(Map<String, String> next) {
      return new TargetGroup(arn, name, protocol, port, targetType, vpcId, check, next, tags);
    }

    public TargetGroup withTags(Map<String, String> next) {
      return new TargetGroup(arn, name, protocol, port, targetType, vpcId, check, attributes, next);
    }

    public String attribute(String key) {
      return attributes.getOrDefault(key, Attributes.TARGET_GROUP.getOrDefault(key, ""));
    }
  }

  /** A listener; {@code certificates} are ARNs, the default one first. */
  record Listener(
      String arn,
      String loadBalancerArn,
      String protocol,
      int port,
      String sslPolicy,
      List<String> certificates,
      Map<String, String> tags) {
    public Listener {
      certificates = List.copyOf(certificates);
      tags = Map.copyOf(tags);
    }

    public Listener withCertificates(List<String> next) {
      return new Listener(arn, loadBalancerArn, protocol, port, sslPolicy, next, tags);
    }

    public Listener withTags(Map<String, String> next) {
      return new Listener(arn, loadBalancerArn, protocol, port, sslPolicy, certificates, next);
    }
  }

  /**
   * A rule of a listener.
   *
   * @param priority the lowest is tried first; the default rule, which has none, comes last
   * @param action services are ARNs of target groups
   */
  record Rule(
      String arn,
      String listenerArn,
      Optional<Integer> priority,
      List<Routing.Condition> conditions,
      Routing.Action action,
      Map<String, String> tags) {
    public Rule {
      conditions = List.copyOf(conditions);
      tags = Map.copyOf(tags);
    }

    public boolean isDefault() {
      return priority.isEmpty();
    }

    public Rule withTags(Map<String, String> next) {
      return new Rule(arn, listenerArn, priority, conditions, action, next);
    }

    public Rule withPriority(int next) {
      return new Rule(arn, listenerArn, Optional.of(next), conditions, action, tags);
    }
  }

  /** A target: an instance's id or an address, and a port. */
  record Target(String id, int port) {}

  /** A target, where it is checked, and what is known of it. */
  record Described(Target target, int checkPort, Targets.TargetHealth health) {}

  /** All of it as it is now; the same object until something changes. */
  View view();

  /** Gives it an address; answers the one that is there when all its settings are the same. */
  LoadBalancer create(LoadBalancer wanted);

  void update(LoadBalancer changed);

  /** With its listeners and rules; targets are served no more. Idempotent. */
  void deleteLoadBalancer(String arn);

  TargetGroup create(TargetGroup wanted);

  void update(TargetGroup changed);

  /** Refused while a listener or rule sends to it. Idempotent. */
  void deleteTargetGroup(String arn);

  /** Makes a listener with its default rule. */
  Listener create(Listener wanted, Rule otherwise);

  /** Changes a listener and its default action. */
  void update(Listener changed, Rule otherwise);

  void deleteListener(String arn);

  Rule create(Rule wanted);

  /** Changes rules all at once. */
  void update(List<Rule> changed);

  void deleteRule(String arn);

  void register(String targetGroupArn, List<Target> targets);

  /** Drains them. Refused when one is not a target. */
  void deregister(String targetGroupArn, List<Target> targets);

  List<Described> described(String targetGroupArn);
}
