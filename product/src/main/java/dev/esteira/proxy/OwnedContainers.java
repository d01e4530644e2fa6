package dev.esteira.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The owner's containers: another's are missing, whatever the client calls them by. */
final class OwnedContainers {
  private static final Pattern ID = Pattern.compile("[0-9a-f]{1,64}");
  private static final int WHOLE_ID = 64;

  private final Scope scope;

  OwnedContainers(Scope scope) {
    this.scope = scope;
  }

  /** The whole id behind a name or the beginning of an id. */
  String id(String reference) {
    return find(reference)
        .map(container -> container.path("Id").asText())
        .orElseThrow(() -> EngineError.notFound("No such container: " + reference));
  }

  /** The container as the engine inspects it. */
  Optional<JsonNode> find(String reference) {
    String bare = reference.startsWith("/") ? reference.substring(1) : reference;
    if (bare.isEmpty()) {
      return Optional.empty();
    }
    if (bare.length() < WHOLE_ID) {
      Optional<JsonNode> named = inspect(scope.names().named(bare));
      if (named.isPresent()) {
        return named;
      }
    } else if (ID.matcher(bare).matches()) {
      return inspect(bare);
    }
    return listed(bare).flatMap(this::inspect);
  }

  private Optional<JsonNode> inspect(String reference) {
    return scope
        .engine()
        .find("/containers/" + EngineCalls.encode(reference) + "/json")
        .filter(this::isOwn);
  }

  boolean isOwn(JsonNode container) {
    String owner = scope.owner().owner();
    return owner.equals(
        container.path("Config").path("Labels").path(NameTranslation.OWNER_LABEL).asText(""));
  }

  /** By the beginning of an id, or by a name that the engine chose, among the owner's alone. */
  private Optional<String> listed(String reference) {
    boolean isId = ID.matcher(reference).matches();
    List<String> found = new java.util.ArrayList<>();
    for (JsonNode container : all()) {
      String id = container.path("Id").asText();
      if (isId && id.startsWith(reference)) {
        found.add(id);
      }
      for (JsonNode name : container.path("Names")) {
        if (name.asText().equals("/" + reference)) {
          return Optional.of(id);
        }
      }
    }
    return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }

  /** All of the owner's, running or not, as the engine lists them. */
  JsonNode all() {
    return scope
        .engine()
        .get(
            "/containers/json"
                + EngineCalls.query(
                    List.of(
                        Map.entry("all", "1"),
                        Map.entry("filters", own(Filters.parse(Optional.empty())).text()))));
  }

  /** The filters narrowed to the owner. */
  Filters own(Filters filters) {
    return filters.with("label", NameTranslation.OWNER_LABEL + "=" + scope.owner().owner());
  }
}
