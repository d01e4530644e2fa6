package dev.esteira.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** The policy's questions, answered from the engine and the owner's own directories. */
final class OwnerSandbox implements Sandbox {
  private final Scope scope;
  private final OwnedContainers containers;
  private final OwnedImages images;
  private final BindStage stage;

  OwnerSandbox(Scope scope, OwnedContainers containers, OwnedImages images, BindStage stage) {
    this.scope = scope;
    this.containers = containers;
    this.images = images;
    this.stage = stage;
  }

  @Override
  public String image(String reference) {
    return images.get(reference).reference();
  }

  @Override
  public String container(String reference) {
    return containers.id(reference);
  }

  @Override
  public String network(String reference) {
    return new OwnedNetworks(scope).get(reference).path("Name").asText();
  }

  @Override
  public String volume(String name) {
    return scope.names().named(name);
  }

  @Override
  public String bind(String source, boolean create) {
    return stage.stage(source, create);
  }

  @Override
  public String gateway() {
    Optional<JsonNode> network =
        scope.engine().find("/networks/" + EngineCalls.encode(scope.owner().network()));
    String gateway =
        network.map(n -> n.path("IPAM").path("Config").path(0).path("Gateway").asText()).orElse("");
    if (gateway.isEmpty()) {
      throw EngineError.invalid("ports cannot be published: the network here has no gateway");
    }
    return gateway;
  }
}
