package dev.esteira.edge.elb;

import dev.esteira.edge.Routing;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Elastic load balancers, their listeners and rules, and target groups. Durable; what is said acts
 * when the call returns. Thread-safe. Refusals are {@link ElbRefused}.
 */
public interface LoadBalancers {
  /** By the words of the API. */
  enum Kind {
    APPLICATION("application", "app"),
    NETWORK("network", "net");

    private final String word;
    private final String path;

    Kind(String word, String path) {
      this.word = word;
      this.path = path;
    }

    public String word() {
      return word;
    }

    /** How it is told in names of things. */
    public String path() {
      return path;
    }
  }

  /** A subnet that it stands in, and the zone of that. */
  record Zone(String name, String subnetId) {}

  /**
   * A load balancer.
   *
   * @param address where it answers; given when it is made
   * @param attributes those that were set
   */
  record LoadBalancer(
      String arn,
      String name,
      Kind kind,
      String scheme,
      String dnsName,
      String address,
      String vpcId,
      List<Zone> zones,
      List<String> securityGroups,
      Map<String, String> attributes,
      Map<String, String> tags,
      Instant createdAt) {
    public LoadBalancer {
      zones = List.copyOf(zones);
      securityGroups = List.copyOf(securityGroups);
      attributes = Map.copyOf(attributes);
      tags = Map.copyOf(tags);
    }

    LoadBalancer at(String taken) {
      return new LoadBalancer(
          arn,
          name,
          kind,
          scheme,
          dnsName,
          taken,
          vpcId,
          zones,
          securityGroups,
          attributes,
          tags,
          createdAt);
    }

    public LoadBalancer withZones(List<Zone> next) {
      return new LoadBalancer(
          arn,
          name,
          kind,
          scheme,
          dnsName,
          address,
          vpcId,
          next,
          securityGroups,
          attributes,
          tags,
          createdAt);
    }

    public LoadBalancer withSecurityGroups(List<String> next) {
      return new LoadBalancer(
          arn,
          name,
          kind,
          scheme,
          dnsName,
          address,
          vpcId,
          zones,
          next,
          attributes,
          tags,
          createdAt);
    }

    public LoadBalancer withAttributes(Map<String, String> next) {
      return new LoadBalancer(
          arn,
          name,
          kind,
          scheme,
          dnsName,
          address,
          vpcId,
          zones,
          securityGroups,
          next,
          tags,
          createdAt);
    }

    public LoadBalancer withTags(Map<String, String> next) {
      return new LoadBalancer(
          arn,
          name,
          kind,
          scheme,
          dnsName,
          address,
          vpcId,
          zones,
          securityGroups,
          attributes,
          next,
          createdAt);
    }
  }

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

  /** Everything that there is, at one moment, in the order in which it was made. */
  record View(
      List<LoadBalancer> loadBalancers,
      List<TargetGroup> targetGroups,
      List<Listener> listeners,
      List<Rule> rules) {
    public View {
      loadBalancers = List.copyOf(loadBalancers);
      targetGroups = List.copyOf(targetGroups);
      listeners = List.copyOf(listeners);
      rules = List.copyOf(rules);
    }

    public Optional<LoadBalancer> loadBalancer(String arn) {
      return loadBalancers.stream().filter(each -> each.arn().equals(arn)).findFirst();
    }

    public Optional<TargetGroup> targetGroup(String arn) {
      return targetGroups.stream().filter(each -> each.arn().equals(arn)).findFirst();
    }

    public Optional<Listener> listener(String arn) {
      return listeners.stream().filter(each -> each.arn().equals(arn)).findFirst();
    }

    public Optional<Rule> rule(String arn) {
      return rules.stream().filter(each -> each.arn().equals(arn)).findFirst();
    }

    public List<Listener> listenersOf(String loadBalancerArn) {
      return listeners.stream()
          .filter(each -> each.loadBalancerArn().equals(loadBalancerArn))
          .toList();
    }

    /** The rules of a listener in the order in which they are tried. */
    public List<Rule> rulesOf(String listenerArn) {
      return rules.stream()
          .filter(each -> each.listenerArn().equals(listenerArn))
          .sorted(
              java.util.Comparator.comparingInt(each -> each.priority().orElse(Integer.MAX_VALUE)))
          .toList();
    }

    /** The target groups that a rule sends to. */
    public static List<String> groupsOf(Rule rule) {
      return rule.action() instanceof Routing.Action.Forward(List<Routing.Weighted> targets)
          ? targets.stream().map(Routing.Weighted::service).toList()
          : List.of();
    }

    /** The load balancers that send to a target group, by ARN. */
    public List<String> usersOf(String targetGroupArn) {
      Map<String, String> owners = new TreeMap<>();
      listeners.forEach(each -> owners.put(each.arn(), each.loadBalancerArn()));
      return rules.stream()
          .filter(rule -> groupsOf(rule).contains(targetGroupArn))
          .map(rule -> owners.getOrDefault(rule.listenerArn(), ""))
          .filter(arn -> !arn.isEmpty())
          .distinct()
          .toList();
    }
  }

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
