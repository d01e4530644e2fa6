package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.cluster.Kind;
import dev.esteira.cluster.Objects;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Addresses of names under {@code cluster.local} (Kubernetes DNS specification 1.1): services to
 * their ClusterIP, headless ones to their ready pods. Thread-safe.
 */
public final class ServiceNames {
  private static final String SUFFIX = "." + PodDns.DOMAIN;

  private final Objects objects;
  private final String houseAddress;

  public ServiceNames(Objects objects, String houseAddress) {
    this.objects = objects;
    this.houseAddress = houseAddress;
  }

  /**
   * The addresses of a lower-case name without its last dot. Empty when it is not under {@code
   * cluster.local}; an empty list when it is and nothing has that name.
   */
  public Optional<List<String>> addresses(String name) {
    if (!name.equals(PodDns.DOMAIN) && !name.endsWith(SUFFIX)) {
      return Optional.empty();
    }
    String rest = name.substring(0, Math.max(0, name.length() - SUFFIX.length()));
    String[] parts = rest.split("\\.", -1);
    int last = parts.length - 1;
    if (parts.length == 3 && parts[2].equals("svc")) {
      return Optional.of(service(parts[0], parts[1]));
    }
    if (parts.length == 4 && parts[last].equals("svc")) {
      return Optional.of(podOf(parts[0], parts[1], parts[2]));
    }
    if (parts.length == 3 && parts[last].equals("pod")) {
      String address = parts[0].replace('-', '.');
      boolean numbers = address.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
      return Optional.of(numbers ? List.of(address) : List.of());
    }
    return Optional.of(List.of());
  }

  private List<String> service(String name, String namespace) {
    if (name.equals("kubernetes") && namespace.equals("default")) {
      return List.of(houseAddress);
    }
    Optional<ObjectNode> found = objects.get(Kind.SERVICE, namespace, name);
    if (found.isEmpty()) {
      return List.of();
    }
    String address = found.get().path("spec").path("clusterIP").asText("");
    if (!address.isEmpty() && !address.equals("None")) {
      return List.of(address);
    }
    return pods(found.get()).stream()
        .map(p -> p.path("status").path("podIP").asText(""))
        .filter(a -> !a.isEmpty())
        .toList();
  }

  private List<ObjectNode> pods(ObjectNode service) {
    Map<String, String> selector = Tree.texts(service.path("spec").path("selector"));
    boolean unready = service.path("spec").path("publishNotReadyAddresses").asBoolean(false);
    return objects.list(Kind.POD, Optional.of(Tree.namespace(service))).stream()
        .filter(p -> !selector.isEmpty())
        .filter(p -> Tree.labels(p).entrySet().containsAll(selector.entrySet()))
        .filter(p -> !Tree.deleting(p) && (unready || Tree.isTrue(p, "Ready")))
        .toList();
  }

  /** A pod with a host name under the headless service that is its subdomain. */
  private List<String> podOf(String host, String service, String namespace) {
    return objects
        .get(Kind.SERVICE, namespace, service)
        .map(s ->
            pods(s).stream()
                .filter(p -> hostName(p).equals(host))
                .map(p -> p.path("status").path("podIP").asText(""))
                .toList())
        .orElse(List.of());
  }

  private static String hostName(JsonNode pod) {
    return pod.path("spec").path("hostname").asText(Tree.name(pod));
  }
}
