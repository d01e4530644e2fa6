package dev.esteira.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.cluster.Kind;
import dev.esteira.cluster.Objects;
import dev.esteira.console.NetApi;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Names in questions about networks: instances by their tag, jobs and pods by where they run. */
record NetworkNames(Foundation base, Machines machines, Objects objects) implements NetApi.Names {
  private static final String HOME_LABEL = "esteira.home";
  private static final String JOB = "job:";
  private static final String POD = "pod:";

  @Override
  public List<String> holders(String name) {
    return machines.named(name);
  }

  @Override
  public Optional<String> sandbox(String name) {
    if (name.startsWith(JOB)) {
      return job(name.substring(JOB.length()));
    }
    return name.startsWith(POD) ? pod(name.substring(POD.length())) : Optional.empty();
  }

  private Optional<String> job(String id) {
    return base.networks()
        .bridgeOf("job/" + id)
        .flatMap(bridge ->
            base.engine().containers(Map.of(HOME_LABEL, base.home().id())).stream()
                .map(container -> address(container, bridge.network()))
                .filter(address -> !address.isEmpty())
                .findFirst());
  }

  private static String address(JsonNode container, String network) {
    JsonNode networks = container.path("NetworkSettings").path("Networks");
    return networks.path(network).path("IPAddress").asText();
  }

  /** A pod without a namespace is of the default one. */
  private Optional<String> pod(String name) {
    int slash = name.indexOf('/');
    String namespace = slash < 0 ? "default" : name.substring(0, slash);
    return objects
        .get(Kind.POD, namespace, name.substring(slash + 1))
        .map(pod -> pod.path("status").path("podIP").asText())
        .filter(address -> !address.isEmpty());
  }
}
