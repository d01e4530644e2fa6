package dev.esteira.edge.elb;

import dev.esteira.base.EsteiraException;
import dev.esteira.edge.Edge;
import dev.esteira.edge.Listeners;
import dev.esteira.edge.Routing;
import dev.esteira.edge.elb.LoadBalancers.Listener;
import dev.esteira.edge.elb.LoadBalancers.Rule;
import dev.esteira.edge.elb.LoadBalancers.TargetGroup;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Brings services and listeners of the edge to what the tables say. A target group is a service
 * without addresses while a listener sends to it.
 */
final class Projection {
  private static final String OURS = "arn:aws:elasticloadbalancing:";

  private final Edge edge;
  private final Listeners listeners;

  Projection(Edge edge, Listeners listeners) {
    this.edge = edge;
    this.listeners = listeners;
  }

  /** The groups whose service was made anew, and has no targets yet. */
  Set<String> bring(View view) {
    Set<String> fresh = new HashSet<>();
    Map<String, Edge.Service> services = new HashMap<>();
    edge.services().stream()
        .filter(each -> each.id().startsWith(OURS))
        .forEach(each -> services.put(each.id(), each));
    Map<String, Edge.Service> wanted = services(view);
    wanted.forEach((arn, service) -> {
      Edge.Service present = services.get(arn);
      if (present == null) {
        edge.put(service);
        fresh.add(arn);
      } else if (!present.equals(service)) {
        fresh.add(arn);
        if (serversChange(present, service)) {
          edge.remove(arn);
        }
        edge.put(service);
      }
    });
    bringListeners(view);
    services.keySet().stream().filter(arn -> !wanted.containsKey(arn)).forEach(edge::remove);
    return fresh;
  }

  /** What stands in the configuration of each server cannot be changed at run time. */
  private static boolean serversChange(Edge.Service before, Edge.Service after) {
    Edge.Traits was = before.traits().orElseThrow();
    Edge.Traits is = after.traits().orElseThrow();
    return !was.source().equals(is.source())
        || was.tls() != is.tls()
        || was.proxyProtocol() != is.proxyProtocol();
  }

  private void bringListeners(View view) {
    Map<String, Listeners.Listener> present = new HashMap<>();
    listeners.listeners().stream()
        .filter(each -> each.id().startsWith(OURS))
        .forEach(each -> present.put(each.id(), each));
    Set<String> wanted = new HashSet<>();
    for (Listener listener : view.listeners()) {
      wanted.add(listener.arn());
      Listeners.Listener next = listener(view, listener);
      if (!next.equals(present.get(listener.arn()))) {
        listeners.putListener(next);
      }
    }
    present.keySet().stream()
        .filter(arn -> !wanted.contains(arn))
        .forEach(listeners::removeListener);
  }

  private static Listeners.Listener listener(View view, Listener listener) {
    LoadBalancer owner =
        view.loadBalancer(listener.loadBalancerArn())
            .orElseThrow(
                () -> EsteiraException.internal(listener.arn() + " has no load balancer", null));
    List<Routing.Rule> rules =
        view.rulesOf(listener.arn()).stream()
            .map((Rule rule) -> new Routing.Rule(rule.conditions(), rule.action()))
            .toList();
    return new Listeners.Listener(
        listener.arn(),
        owner.address(),
        listener.port(),
        Listeners.Protocol.valueOf(listener.protocol()),
        new Routing(rules),
        listener.certificates());
  }

  private static Map<String, Edge.Service> services(View view) {
    Map<String, Edge.Service> services = new HashMap<>();
    for (TargetGroup group : view.targetGroups()) {
      Optional<LoadBalancer> user =
          view.usersOf(group.arn()).stream().findFirst().flatMap(view::loadBalancer);
      user.ifPresent(each -> services.put(group.arn(), service(group, each.address())));
    }
    return services;
  }

  private static Edge.Service service(TargetGroup group, String source) {
    boolean tcp = group.protocol().equals("TCP");
    boolean sticky = group.attribute("stickiness.enabled").equals("true");
    int cookieSeconds =
        sticky && !tcp
            ? Integer.parseInt(group.attribute("stickiness.lb_cookie.duration_seconds"))
            : 0;
    return new Edge.Service(
        group.arn(),
        tcp ? Edge.Mode.TCP : Edge.Mode.HTTP,
        List.of(),
        group.port(),
        sticky && tcp ? 86_400 : 0,
        Optional.of(
            new Edge.Traits(
                source,
                group
                    .attribute("load_balancing.algorithm.type")
                    .equals("least_outstanding_requests"),
                cookieSeconds,
                group.protocol().equals("HTTPS"),
                group.attribute("proxy_protocol_v2.enabled").equals("true"))));
  }
}
