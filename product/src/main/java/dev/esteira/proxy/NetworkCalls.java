package dev.esteira.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.esteira.base.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * {@code /networks}: those the owner made, and its own bridge under the name {@code bridge}.
 *
 * <p>A network that an owner makes has no way out of its own: every container also joins the
 * owner's bridge, whose addresses and rules the house knows.
 */
final class NetworkCalls {
  private static final String MTU = "com.docker.network.driver.mtu";

  private final Scope scope;
  private final OwnedNetworks networks;
  private final OwnedContainers containers;
  private final ContainerPolicy policy;

  NetworkCalls(Scope scope, OwnedContainers containers, ContainerPolicy policy) {
    this.scope = scope;
    this.networks = new OwnedNetworks(scope);
    this.containers = containers;
    this.policy = policy;
  }

  void addTo(Routes routes) {
    routes
        .add("GET", "/networks", this::list)
        .add("POST", "/networks/create", this::create)
        .add("POST", "/networks/prune", this::prune)
        .add("GET", "/networks/{id}", this::inspect)
        .add("DELETE", "/networks/{id}", this::remove)
        .add("POST", "/networks/{id}/connect", this::connect)
        .add("POST", "/networks/{id}/disconnect", this::disconnect);
  }

  private void list(Call call) throws IOException {
    Filters filters = call.filters();
    ArrayNode shown = Json.array();
    bridge().filter(n -> fits(n, filters)).ifPresent(n -> shown.add(scope.names().outward(n)));
    for (JsonNode network : networks.all()) {
      if (fits(network, filters)) {
        shown.add(scope.names().outward(network));
      }
    }
    call.exchange().json(200, shown);
  }

  private boolean fits(JsonNode network, Filters filters) {
    String name = scope.names().outward(network.path("Name").asText());
    boolean custom = !name.equals("bridge");
    JsonNode labels = network.path("Labels");
    return Filters.fitsName(filters.get("name"), name)
        && any(filters.get("id"), network.path("Id").asText()::startsWith)
        && any(filters.get("driver"), network.path("Driver").asText()::equals)
        && any(filters.get("type"), type -> type.equals("custom") == custom)
        && filters.get("label").stream().allMatch(label -> hasLabel(labels, label));
  }

  private static boolean any(List<String> wanted, Predicate<String> fits) {
    return wanted.isEmpty() || wanted.stream().anyMatch(fits);
  }

  private static boolean hasLabel(JsonNode labels, String wanted) {
    String[] parts = wanted.split("=", 2);
    return labels.has(parts[0])
        && (parts.length == 1 || labels.path(parts[0]).asText().equals(parts[1]));
  }

  private Optional<JsonNode> bridge() {
    return scope.engine().find("/networks/" + EngineCalls.encode(scope.owner().network()));
  }

  /** By name or id; {@code bridge} is the owner's own. */
  private JsonNode get(String reference) {
    Optional<JsonNode> own = bridge();
    boolean isBridge =
        reference.equals("bridge")
            || own.map(n -> n.path("Id").asText().equals(reference)).orElse(false);
    return isBridge && own.isPresent() ? own.get() : networks.get(reference);
  }

  private String path(Call call) {
    return "/networks/" + get(call.part(0)).path("Id").asText();
  }

  private void inspect(Call call) throws IOException {
    JsonNode found = get(call.part(0));
    ObjectNode network = (ObjectNode) scope.engine().get("/networks/" + found.path("Id").asText());
    ObjectNode members = Json.object();
    for (Map.Entry<String, JsonNode> member : network.path("Containers").properties()) {
      if (containers.find(member.getKey()).isPresent()) {
        members.set(member.getKey(), member.getValue());
      }
    }
    network.set("Containers", members);
    network.remove("Options");
    call.exchange().json(200, scope.names().outward(network));
  }

  private void create(Call call) throws IOException {
    ObjectNode body =
        new Fields("Network")
            .rule("Name", v -> TextNode.valueOf(scope.names().named(v.asText(""))))
            .keep("CheckDuplicate", "Labels")
            .rule("Driver", NetworkCalls::driver)
            .rule("IPAM", NetworkCalls::ipam)
            .rule("Options", NetworkCalls::options)
            .drop("Internal", "Attachable", "Scope", "EnableIPv4")
            .refuse("addresses here are of version 4", "EnableIPv6")
            .refuse("there is no swarm here", "Ingress", "ConfigOnly", "ConfigFrom")
            .apply(call.body());
    body.put("Internal", true).put("CheckDuplicate", true);
    body.set("Labels", ContainerPolicy.labels(body.path("Labels")));
    body.withObjectProperty("Labels").put(NameTranslation.OWNER_LABEL, scope.owner().owner());
    JsonNode made = scope.engine().post("/networks/create", body);
    call.exchange().json(201, Json.object().put("Id", made.path("Id").asText()).put("Warning", ""));
  }

  private static JsonNode driver(JsonNode value) {
    if (!List.of("", "bridge", "default").contains(value.asText(""))) {
      throw EngineError.refused("network driver " + value + " is refused here: use bridge");
    }
    return TextNode.valueOf("bridge");
  }

  private static JsonNode ipam(JsonNode value) {
    new Fields("IPAM")
        .allow("Driver", v -> v.asText().equals("default"), "addresses are given by the house")
        .refuse("addresses are given by the house; leave the subnet out", "Config", "Options")
        .apply(value);
    return MissingNode.getInstance();
  }

  private static JsonNode options(JsonNode value) {
    return new Fields("Options").keep(MTU).apply(value);
  }

  private void remove(Call call) throws IOException {
    if (call.part(0).equals("bridge")) {
      throw EngineError.refused("bridge is a pre-defined network and cannot be removed");
    }
    String id = networks.get(call.part(0)).path("Id").asText();
    Relay.command(scope, call, "/networks/" + id);
  }

  private void connect(Call call) throws IOException {
    JsonNode asked = call.body();
    ObjectNode body =
        Json.object().put("Container", containers.id(Fields.find(asked, "Container").asText("")));
    body.set("EndpointConfig", policy.endpoint(Fields.find(asked, "EndpointConfig")));
    scope.engine().post(path(call) + "/connect", body);
    call.exchange().send(200, "text/plain", new byte[0]);
  }

  private void disconnect(Call call) throws IOException {
    JsonNode asked = call.body();
    ObjectNode body =
        Json.object()
            .put("Container", containers.id(Fields.find(asked, "Container").asText("")))
            .put("Force", Fields.find(asked, "Force").asBoolean(false));
    scope.engine().post(path(call) + "/disconnect", body);
    call.exchange().send(200, "text/plain", new byte[0]);
  }

  private void prune(Call call) throws IOException {
    ArrayNode deleted = Json.array();
    for (JsonNode network : networks.all()) {
      String id = network.path("Id").asText();
      if (scope.engine().get("/networks/" + id).path("Containers").isEmpty()) {
        scope.engine().delete("/networks/" + id);
        deleted.add(scope.names().outward(network.path("Name").asText()));
      }
    }
    call.exchange().json(200, Json.object().set("NetworksDeleted", deleted));
  }
}
