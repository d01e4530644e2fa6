package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.cluster.Kind;
import dev.esteira.cluster.Objects;
import dev.esteira.edge.Listeners;
import dev.esteira.edge.Routing;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The doors at port 443 of Ingresses that name secrets with certificates. */
final class IngressCertificates {
  private static final int HTTPS = 443;
  private static final String DOOR = "/tls";

  private final Objects objects;
  private final Listeners listeners;

  /** What each certificate was put with, by name, since this process began. */
  private final Map<String, String> put = new ConcurrentHashMap<>();

  IngressCertificates(Objects objects, Listeners listeners) {
    this.objects = objects;
    this.listeners = listeners;
  }

  /** Opens, changes or closes the door; what is missing for it goes to {@code troubles}. */
  void listen(String key, String address, JsonNode ingress, Routing routing, Set<String> troubles) {
    Map<String, String> pems = new LinkedHashMap<>();
    for (JsonNode tls : ingress.path("spec").path("tls")) {
      String secret = tls.path("secretName").asText("");
      Optional<String> pem = pem(Tree.namespace(ingress), secret);
      if (pem.isPresent()) {
        pems.put(prefix(key) + secret, pem.get());
      } else {
        troubles.add(
            "port 443 is not served for the secret '%s': there is no secret of that name with"
                    .formatted(secret)
                + " tls.crt and tls.key");
      }
    }
    if (pems.isEmpty()) {
      remove(key);
      return;
    }
    pems.forEach((name, pem) -> {
      if (!pem.equals(put.get(name))) {
        listeners.putCertificate(name, pem);
        put.put(name, pem);
      }
    });
    List<String> before = shown(key);
    Listeners.Listener door =
        new Listeners.Listener(
            id(key), address, HTTPS, Listeners.Protocol.HTTPS, routing, List.copyOf(pems.keySet()));
    if (!listeners.listeners().contains(door)) {
      listeners.putListener(door);
    }
    before.stream().filter(name -> !pems.containsKey(name)).forEach(this::forget);
  }

  void remove(String key) {
    List<String> before = shown(key);
    if (!before.isEmpty()) {
      listeners.removeListener(id(key));
      before.forEach(this::forget);
    }
  }

  /** The certificates of the door as it is; a door has at least one. */
  private List<String> shown(String key) {
    String id = id(key);
    return listeners.listeners().stream()
        .filter(l -> l.id().equals(id))
        .flatMap(l -> l.certificates().stream())
        .toList();
  }

  private void forget(String certificate) {
    put.remove(certificate);
    listeners.removeCertificate(certificate);
  }

  private static String id(String key) {
    return ServiceEdges.INGRESSES + key + DOOR;
  }

  private static String prefix(String key) {
    return ServiceEdges.INGRESSES + key + "/";
  }

  private Optional<String> pem(String namespace, String secret) {
    Optional<ObjectNode> found =
        secret.isEmpty() ? Optional.empty() : objects.get(Kind.SECRET, namespace, secret);
    return found.flatMap(s -> {
      String chain = decoded(s.path("data").path("tls.crt"));
      String privateKey = decoded(s.path("data").path("tls.key"));
      return chain.isBlank() || privateKey.isBlank()
          ? Optional.empty()
          : Optional.of(chain.strip() + "\n" + privateKey.strip() + "\n");
    });
  }

  private static String decoded(JsonNode data) {
    try {
      return new String(Base64.getDecoder().decode(data.asText("")), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
