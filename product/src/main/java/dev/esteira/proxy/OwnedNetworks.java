package dev.esteira.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The networks that the owner made. */
final class OwnedNetworks {
  private static final Pattern ID = Pattern.compile("[0-9a-f]{4,64}");

  private final Scope scope;

  OwnedNetworks(Scope scope) {
    this.scope = scope;
  }

  JsonNode get(String reference) {
    return find(reference)
        .orElseThrow(() -> EngineError.notFound("network " + reference + " not found"));
  }

  /** By name, or by the beginning of an id. */
  Optional<JsonNode> find(String reference) {
    String name = scope.names().named(reference);
    List<JsonNode> byId = new ArrayList<>();
    for (JsonNode network : all()) {
      if (network.path("Name").asText().equals(name)) {
        return Optional.of(network);
      }
      if (ID.matcher(reference).matches() && network.path("Id").asText().startsWith(reference)) {
        byId.add(network);
      }
    }
    return byId.size() == 1 ? Optional.of(byId.getFirst()) : Optional.empty();
  }

  List<JsonNode> all() {
    List<JsonNode> own = new ArrayList<>();
    for (JsonNode network : scope.engine().get("/networks")) {
      if (scope.names().ownsNamed(network.path("Name").asText())
          && !network.path("Name").asText().equals(scope.owner().network())) {
        own.add(network);
      }
    }
    return own;
  }
}
