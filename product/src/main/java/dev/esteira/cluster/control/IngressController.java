package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.cluster.ClusterEvents;
import dev.esteira.cluster.Kind;
import dev.esteira.cluster.Objects;
import dev.esteira.edge.Edge;
import dev.esteira.edge.Listeners;
import dev.esteira.net.Networks;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Gives every Ingress an address of its own, and there a listener with its rules. Whatever class it
 * names, this is the controller that answers.
 */
final class IngressController {
  private static final int HTTP = 80;
  private static final Duration AGAIN = Duration.ofMillis(30);

  /** When what the balancer refused is tried again. */
  private static final Duration LATER = Duration.ofSeconds(5);

  private static final String COMPONENT = "ingress-controller";

  private final Objects objects;
  private final ClusterEvents events;
  private final Networks networks;
  private final ServiceEdges edges;
  private final Listeners listeners;
  private final IngressCertificates certificates;
  private final ServiceTargets pods;

  /** What was said already about an Ingress, by its key: the same again is no news. */
  private final Map<String, Set<String>> said = new ConcurrentHashMap<>();

  IngressController(
      Objects objects,
      ClusterEvents events,
      Networks networks,
      ServiceEdges edges,
      Listeners listeners) {
    this.objects = objects;
    this.events = events;
    this.networks = networks;
    this.edges = edges;
    this.listeners = listeners;
    this.certificates = new IngressCertificates(objects, listeners);
    this.pods = new ServiceTargets(objects);
  }

  /** The keys of all Ingresses that the balancers know, also of those that are gone. */
  Set<String> known() {
    Set<String> keys = new HashSet<>();
    listeners.listeners().stream()
        .map(Listeners.Listener::id)
        .filter(id -> id.startsWith(ServiceEdges.INGRESSES))
        .forEach(id -> keys.add(key(id)));
    edges.ids().stream()
        .filter(id -> id.startsWith(ServiceEdges.INGRESSES))
        .forEach(id -> keys.add(key(id)));
    return keys;
  }

  /** {@code ingress/NAMESPACE/NAME/…} to {@code NAMESPACE/NAME}. */
  private static String key(String id) {
    String[] parts = id.split("/");
    return parts[1] + "/" + parts[2];
  }

  /** Whether it sends requests to this service of its namespace, or shows this secret. */
  static boolean names(ObjectNode ingress, Kind kind, String name) {
    String field = kind == Kind.SECRET ? "secretName" : "name";
    return ingress.path("spec").findValuesAsText(field).contains(name);
  }

  /** Settles the Ingress; after which time to look again. */
  Optional<Duration> reconcile(String key) {
    String namespace = key.substring(0, key.indexOf('/'));
    Optional<ObjectNode> found =
        objects.get(Kind.INGRESS, namespace, key.substring(key.indexOf('/') + 1));
    if (found.isEmpty()) {
      remove(key);
      return Optional.empty();
    }
    try {
      return serve(key, found.get());
    } catch (EsteiraException e) {
      tell(found.get(), Set.of("its rules are not served: " + e.getMessage()));
      return Optional.of(LATER);
    }
  }

  private Optional<Duration> serve(String key, ObjectNode ingress) {
    String namespace = Tree.namespace(ingress);
    IngressPlan plan =
        IngressPlan.of(ingress, name -> objects.get(Kind.SERVICE, namespace, name).map(s -> s));
    boolean whole = true;
    for (Map.Entry<String, IngressPlan.Backend> backend : plan.backends().entrySet()) {
      whole &= group(backend.getKey(), backend.getValue());
    }
    String address = networks.takePoolAddress(ServiceEdges.INGRESSES + key);
    Set<String> troubles = new HashSet<>(plan.troubles());
    listen(key, address, ingress, plan, troubles);
    edges.ids().stream()
        .filter(id -> id.startsWith(ServiceEdges.INGRESSES + key + "/"))
        .filter(id -> !plan.backends().containsKey(id))
        .forEach(edges::remove);
    announce(ingress, address);
    tell(ingress, troubles);
    return whole ? Optional.empty() : Optional.of(AGAIN);
  }

  private boolean group(String id, IngressPlan.Backend backend) {
    if (!(backend.service() instanceof ObjectNode service)) {
      return true;
    }
    Map<String, Edge.Target> targets = ServiceTargets.ready(pods.of(service), backend.port());
    int port = backend.port().path("port").asInt();
    boolean whole = edges.sync(new Edge.Service(id, Edge.Mode.HTTP, List.of(), port, 0), targets);
    return whole && targets.keySet().stream().allMatch(edges::allows);
  }

  private void listen(
      String key, String address, ObjectNode ingress, IngressPlan plan, Set<String> troubles) {
    Listeners.Listener plain =
        new Listeners.Listener(
            ServiceEdges.INGRESSES + key,
            address,
            HTTP,
            Listeners.Protocol.HTTP,
            plan.routing(),
            List.of());
    if (!listeners.listeners().contains(plain)) {
      listeners.putListener(plain);
    }
    try {
      certificates.listen(key, address, ingress, plan.routing(), troubles);
    } catch (EsteiraException e) {
      troubles.add("port 443 is not served: " + e.getMessage());
    }
  }

  private void remove(String key) {
    String id = ServiceEdges.INGRESSES + key;
    said.remove(key);
    certificates.remove(key);
    if (listeners.listeners().stream().anyMatch(l -> l.id().equals(id))) {
      listeners.removeListener(id);
    }
    edges.ids().stream().filter(each -> each.startsWith(id + "/")).forEach(edges::remove);
    networks.releaseAddress(id);
  }

  private void announce(ObjectNode ingress, String address) {
    ObjectNode balancer = Json.object();
    // Scripts for EKS read the host name, which load balancers have there alone.
    balancer.putArray("ingress").addObject().put("ip", address).put("hostname", address);
    if (ingress.path("status").path("loadBalancer").equals(balancer)) {
      return;
    }
    objects.apply(
        Kind.INGRESS,
        Tree.namespace(ingress),
        Tree.name(ingress),
        i -> {
          if (Tree.uid(i).equals(Tree.uid(ingress))) {
            Tree.object(i, "status").set("loadBalancer", balancer);
          }
          return i;
        });
    events.record(
        ClusterEvents.Type.NORMAL, ingress, COMPONENT, "Sync", "Serves its rules at " + address);
  }

  private void tell(ObjectNode ingress, Set<String> troubles) {
    Set<String> before = said.put(Tree.key(ingress), Set.copyOf(troubles));
    for (String trouble : troubles) {
      if (before == null || !before.contains(trouble)) {
        events.record(ClusterEvents.Type.WARNING, ingress, COMPONENT, "Unserved", trouble);
      }
    }
  }
}
