package dev.esteira.edge.elb;

import dev.esteira.edge.elb.LoadBalancer.Kind;
import dev.esteira.edge.elb.LoadBalancers.Listener;
import dev.esteira.edge.elb.LoadBalancers.Rule;
import dev.esteira.edge.elb.LoadBalancers.TargetGroup;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The rules between load balancers, listeners, rules and target groups. Pure. */
final class ElbChecks {
  private static final int RULES_MAX = 100;
  private static final Set<String> APPLICATION = Set.of("HTTP", "HTTPS");
  private static final Set<String> NETWORK = Set.of("TCP", "TLS");

  private ElbChecks() {}

  static LoadBalancer loadBalancer(View view, String arn) {
    return view.loadBalancer(arn).orElseThrow(() -> ElbRefused.notFound("LoadBalancer", arn));
  }

  static TargetGroup targetGroup(View view, String arn) {
    return view.targetGroup(arn)
        .orElseThrow(
            () -> new ElbRefused("TargetGroupNotFound", "One or more target groups not found"));
  }

  static Listener listener(View view, String arn) {
    return view.listener(arn)
        .orElseThrow(() -> new ElbRefused("ListenerNotFound", "One or more listeners not found"));
  }

  static Rule rule(View view, String arn) {
    return view.rule(arn)
        .orElseThrow(() -> new ElbRefused("RuleNotFound", "One or more rules not found"));
  }

  /** The one of that name, if it has the same settings. */
  static Optional<LoadBalancer> same(View view, LoadBalancer wanted) {
    Optional<LoadBalancer> found =
        view.loadBalancers().stream().filter(each -> each.name().equals(wanted.name())).findFirst();
    if (found.isPresent()
        && !(found.get().kind() == wanted.kind()
            && found.get().scheme().equals(wanted.scheme())
            && found.get().zones().equals(wanted.zones())
            && found.get().securityGroups().equals(wanted.securityGroups()))) {
      throw new ElbRefused(
          "DuplicateLoadBalancerName",
          "A load balancer with the same name '"
              + wanted.name()
              + "' exists, but with different settings");
    }
    return found;
  }

  static Optional<TargetGroup> same(View view, TargetGroup wanted) {
    Optional<TargetGroup> found =
        view.targetGroups().stream().filter(each -> each.name().equals(wanted.name())).findFirst();
    if (found.isPresent()
        && !(found.get().protocol().equals(wanted.protocol())
            && found.get().port() == wanted.port()
            && found.get().targetType().equals(wanted.targetType())
            && found.get().check().equals(wanted.check()))) {
      throw new ElbRefused(
          "DuplicateTargetGroupName",
          "A target group with the same name '"
              + wanted.name()
              + "' exists, but with different settings");
    }
    return found;
  }

  static void listener(View view, Listener wanted, boolean isNew) {
    LoadBalancer owner = loadBalancer(view, wanted.loadBalancerArn());
    Set<String> possible = owner.kind() == Kind.APPLICATION ? APPLICATION : NETWORK;
    if (!possible.contains(wanted.protocol())) {
      throw new ElbRefused(
          "UnsupportedProtocol",
          "A listener of a load balancer of type '%s' cannot speak '%s'; possible here: %s"
              .formatted(owner.kind().word(), wanted.protocol(), String.join(", ", possible)));
    }
    for (Listener other : view.listenersOf(owner.arn())) {
      if (other.port() == wanted.port() && !other.arn().equals(wanted.arn())) {
        throw new ElbRefused(
            "DuplicateListener", "A listener already exists on this port for this load balancer");
      }
    }
    boolean encrypted = wanted.protocol().equals("HTTPS") || wanted.protocol().equals("TLS");
    if (encrypted && wanted.certificates().isEmpty()) {
      throw new ElbRefused(
          "ValidationError",
          "A certificate must be specified for " + wanted.protocol() + " listeners");
    }
    if (!encrypted && !wanted.certificates().isEmpty()) {
      throw new ElbRefused(
          "InvalidConfigurationRequest",
          "You cannot specify certificates for " + wanted.protocol() + " listeners");
    }
    if (!isNew) {
      listener(view, wanted.arn());
    }
  }

  static void rule(View view, Rule wanted) {
    Listener owner = listener(view, wanted.listenerArn());
    List<Rule> others =
        view.rulesOf(owner.arn()).stream()
            .filter(each -> !each.arn().equals(wanted.arn()))
            .toList();
    if (wanted.priority().isPresent()
        && others.stream().anyMatch(each -> each.priority().equals(wanted.priority()))) {
      throw new ElbRefused(
          "PriorityInUse", "Priority '" + wanted.priority().get() + "' is currently in use");
    }
    if (others.size() > RULES_MAX) {
      throw new ElbRefused(
          "TooManyRules", "The maximum number of rules of a listener is " + RULES_MAX);
    }
    boolean network = owner.protocol().equals("TCP") || owner.protocol().equals("TLS");
    if (network && !wanted.isDefault()) {
      throw new ElbRefused(
          "InvalidConfigurationRequest", "Listeners of network load balancers have no rules");
    }
    List<String> groups = View.groupsOf(wanted);
    if (network && groups.size() != 1) {
      throw new ElbRefused(
          "InvalidLoadBalancerAction",
          "A listener for " + owner.protocol() + " forwards to exactly one target group");
    }
    for (String arn : groups) {
      group(view, owner, targetGroup(view, arn), network);
    }
  }

  private static void group(View view, Listener owner, TargetGroup group, boolean network) {
    if (network != group.protocol().equals("TCP")) {
      throw new ElbRefused(
          "InvalidConfigurationRequest",
          "The target group '%s' speaks %s, which a listener for %s cannot send to"
              .formatted(group.name(), group.protocol(), owner.protocol()));
    }
    for (String user : view.usersOf(group.arn())) {
      if (!user.equals(owner.loadBalancerArn())) {
        throw new ElbRefused(
            "TargetGroupAssociationLimit",
            "The following target groups cannot be associated with more than one load balancer: "
                + group.arn());
      }
    }
  }
}
