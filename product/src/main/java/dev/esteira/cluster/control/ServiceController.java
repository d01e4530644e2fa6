package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.cluster.ClusterEvents;
import dev.esteira.cluster.Kind;
import dev.esteira.cluster.Objects;
import dev.esteira.cluster.control.ServiceTargets.Backend;
import dev.esteira.edge.Edge;
import dev.esteira.net.Networks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Gives every Service its addresses, its balancers with the ready pods, and its Endpoints. */
final class ServiceController {
  /** {@code http} or {@code tcp}, for services whose ports do not tell. */
  static final String MODE = "esteira.dev/mode";

  private static final Set<Integer> HTTP_PORTS = Set.of(80, 8080, 8000, 5000, 3000);
  private static final int STICKY_SECONDS = 10_800;
  private static final Duration AGAIN = Duration.ofMillis(30);

  private final Objects objects;
  private final ClusterEvents events;
  private final Networks networks;
  private final ServiceEdges edges;
  private final ServiceTargets pods;

  ServiceController(Objects objects, ClusterEvents events, Networks networks, ServiceEdges edges) {
    this.objects = objects;
    this.events = events;
    this.networks = networks;
    this.edges = edges;
    this.pods = new ServiceTargets(objects);
  }

  /** Settles the service; after which time to look again. */
  Optional<Duration> reconcile(String key) {
    String namespace = key.substring(0, key.indexOf('/'));
    Optional<ObjectNode> found =
        objects.get(Kind.SERVICE, namespace, key.substring(key.indexOf('/') + 1));
    if (found.isEmpty()) {
      remove(key, Set.of());
      networks.releaseAddress("lb/" + key);
      return Optional.empty();
    }
    ObjectNode service = found.get();
    List<Backend> backends = pods.of(service);
    Optional<Duration> again = balance(key, service, backends);
    new EndpointObjects(objects).write(service, backends.stream().map(Backend::pod).toList());
    return again;
  }

  private void remove(String key, Set<String> keep) {
    for (String id : edges.ids()) {
      if (id.startsWith("service/" + key + "/") && !keep.contains(id)) {
        edges.remove(id);
      }
    }
  }

  // --- balancers ---

  private Optional<Duration> balance(String key, ObjectNode service, List<Backend> backends) {
    List<String> addresses = addresses(key, service);
    Set<String> kept = new java.util.HashSet<>();
    boolean whole = true;
    if (!addresses.isEmpty()) {
      for (JsonNode port : service.path("spec").path("ports")) {
        if (!port.path("protocol").asText("TCP").equals("TCP")) {
          continue;
        }
        int number = port.path("port").asInt();
        String id = "service/" + key + "/" + number;
        kept.add(id);
        Map<String, Edge.Target> targets = ServiceTargets.ready(backends, port);
        Edge.Mode mode = mode(service, port, backends);
        int sticky = stickySeconds(service);
        whole &= edges.sync(new Edge.Service(id, mode, addresses, number, sticky), targets);
        int nodePort = nodePort(service, port);
        if (nodePort > 0) {
          kept.add(id + "/node");
          List<String> node = List.of(networks.houseAddress());
          whole &=
              edges.sync(new Edge.Service(id + "/node", mode, node, nodePort, sticky), targets);
        }
        whole &= targets.keySet().stream().allMatch(edges::allows);
      }
    }
    remove(key, kept);
    return whole ? Optional.empty() : Optional.of(AGAIN);
  }

  /** The house is the only node. A load balancer has an address that is better than this. */
  private static int nodePort(ObjectNode service, JsonNode port) {
    boolean asked = service.path("spec").path("type").asText("").equals("NodePort");
    return asked ? port.path("nodePort").asInt(0) : 0;
  }

  /** ClusterIP and, for a load balancer, an address of the pool, which the status then names. */
  private List<String> addresses(String key, ObjectNode service) {
    JsonNode spec = service.path("spec");
    String type = spec.path("type").asText("ClusterIP");
    String cluster = spec.path("clusterIP").asText("");
    List<String> all = new ArrayList<>();
    if (!cluster.isEmpty() && !cluster.equals("None") && !type.equals("ExternalName")) {
      all.add(cluster);
    }
    if (type.equals("LoadBalancer")) {
      String pool = networks.takePoolAddress("lb/" + key);
      all.add(pool);
      announce(service, Optional.of(pool));
    } else if (service.path("status").path("loadBalancer").has("ingress")) {
      networks.releaseAddress("lb/" + key);
      announce(service, Optional.empty());
    }
    return all;
  }

  private void announce(ObjectNode service, Optional<String> address) {
    ObjectNode balancer = Json.object();
    address.ifPresent(
        // Scripts for EKS read the host name, which load balancers have there alone.
        a ->
            balancer
                .putArray("ingress")
                .addObject()
                .put("ip", a)
                .put("hostname", a)
                .put("ipMode", "VIP"));
    if (service.path("status").path("loadBalancer").equals(balancer)) {
      return;
    }
    objects.apply(
        Kind.SERVICE,
        Tree.namespace(service),
        Tree.name(service),
        s -> {
          if (Tree.uid(s).equals(Tree.uid(service))) {
            Tree.object(s, "status").set("loadBalancer", balancer);
          }
          return s;
        });
    address.ifPresent(a ->
        events.record(
            ClusterEvents.Type.NORMAL,
            service,
            "service-controller",
            "EnsuredLoadBalancer",
            "Ensured load balancer at " + a));
  }

  /** Whole requests where anything says HTTP: only they can be tried again elsewhere. */
  private static Edge.Mode mode(JsonNode service, JsonNode port, List<Backend> backends) {
    String said = Tree.annotation(service, MODE).toLowerCase(Locale.ROOT);
    if (!said.isEmpty()) {
      return said.equals("http") ? Edge.Mode.HTTP : Edge.Mode.TCP;
    }
    String protocol = port.path("appProtocol").asText("").toLowerCase(Locale.ROOT);
    String name = port.path("name").asText("").toLowerCase(Locale.ROOT);
    if (protocol.equals("https") || name.startsWith("https") || protocol.equals("tcp")) {
      return Edge.Mode.TCP;
    }
    boolean http =
        protocol.contains("http")
            || name.startsWith("http")
            || HTTP_PORTS.contains(port.path("port").asInt())
            || backends.stream().anyMatch(b -> probedByHttp(b.pod(), port));
    return http ? Edge.Mode.HTTP : Edge.Mode.TCP;
  }

  private static boolean probedByHttp(JsonNode pod, JsonNode port) {
    Optional<Integer> target = ServiceTargets.port(pod, port);
    for (JsonNode container : pod.path("spec").path("containers")) {
      JsonNode get = container.path("readinessProbe").path("httpGet");
      boolean same = target.isPresent() && get.path("port").asInt() == target.get();
      if (get.isObject() && !get.path("scheme").asText("").equals("HTTPS") && same) {
        return true;
      }
    }
    return false;
  }

  private static int stickySeconds(JsonNode service) {
    JsonNode spec = service.path("spec");
    if (!spec.path("sessionAffinity").asText("").equals("ClientIP")) {
      return 0;
    }
    return spec.path("sessionAffinityConfig")
        .path("clientIP")
        .path("timeoutSeconds")
        .asInt(STICKY_SECONDS);
  }
}
