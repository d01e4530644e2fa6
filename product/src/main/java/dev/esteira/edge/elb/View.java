package dev.esteira.edge.elb;

import dev.esteira.edge.Routing;
import dev.esteira.edge.elb.LoadBalancers.Listener;
import dev.esteira.edge.elb.LoadBalancers.Rule;
import dev.esteira.edge.elb.LoadBalancers.TargetGroup;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Everything that there is, at one moment, in the order in which it was made. */
public record View(
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
        .sorted(Comparator.comparingInt(each -> each.priority().orElse(Integer.MAX_VALUE)))
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
