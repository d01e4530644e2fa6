package dev.esteira.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.engine.Engine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code /containers}: make, list, inspect, and all that names one container. */
final class ContainerCalls {
  private static final String[] LIFE = {
    "start", "stop", "restart", "kill", "pause", "unpause", "resize", "wait"
  };

  private final Scope scope;
  private final OwnedContainers containers;
  private final ContainerPolicy policy;
  private final BindStage stage;
  private final PublishedPorts ports;

  ContainerCalls(Scope scope, OwnedContainers containers, ContainerPolicy policy, BindStage stage) {
    this.ports = new PublishedPorts(containers, scope.published());
    this.scope = scope;
    this.containers = containers;
    this.policy = policy;
    this.stage = stage;
  }

  void addTo(Routes routes) {
    routes
        .add("GET", "/containers/json", this::list)
        .add("POST", "/containers/create", this::create)
        .add("POST", "/containers/prune", this::prune)
        .add("GET", "/containers/{id}/json", this::inspect)
        .add("GET", "/containers/{id}/top", call -> json(call, "top", "ps_args"))
        .add("GET", "/containers/{id}/changes", call -> json(call, "changes"))
        .add("GET", "/containers/{id}/stats", this::stats)
        .add("GET", "/containers/{id}/export", call -> out(call, "export"))
        .add(
            "GET",
            "/containers/{id}/logs",
            call ->
                out(
                    call,
                    "logs",
                    "follow",
                    "stdout",
                    "stderr",
                    "since",
                    "until",
                    "timestamps",
                    "tail",
                    "details"))
        .add("GET", "/containers/{id}/archive", call -> out(call, "archive", "path"))
        .add("HEAD", "/containers/{id}/archive", call -> out(call, "archive", "path"))
        .add("PUT", "/containers/{id}/archive", this::putArchive)
        .add("POST", "/containers/{id}/attach", this::attach)
        .add("POST", "/containers/{id}/rename", this::rename)
        .add("POST", "/containers/{id}/update", this::update)
        .add("DELETE", "/containers/{id}", this::remove);
    for (String verb : LIFE) {
      routes.add("POST", "/containers/{id}/" + verb, call -> life(call, verb));
    }
  }

  private String path(Call call, String verb, String... parameters) {
    return "/containers/" + containers.id(call.part(0)) + verb + call.keepQuery(parameters);
  }

  private void json(Call call, String verb, String... parameters) throws IOException {
    Relay.json(scope, call, path(call, "/" + verb, parameters));
  }

  private void out(Call call, String verb, String... parameters) throws IOException {
    Relay.command(scope, call, path(call, "/" + verb, parameters));
  }

  private void life(Call call, String verb) throws IOException {
    if (verb.equals("start") && SharedNetwork.is(scope.owner().network())) {
      SharedNetwork.checkFree(containers.all(), containers.id(call.part(0)));
    }
    String path = path(call, "/" + verb, "t", "signal", "condition", "h", "w", "detachKeys");
    if (verb.equals("resize") || verb.equals("wait")) {
      Relay.command(scope, call, path);
    } else {
      Relay.command(scope, call, path, ports::look);
    }
  }

  private void putArchive(Call call) throws IOException {
    Relay.stream(scope, call, path(call, "/archive", "path", "noOverwriteDirNonDir", "copyUIDGID"));
  }

  private void attach(Call call) throws Exception {
    String path =
        path(call, "/attach", "detachKeys", "logs", "stream", "stdin", "stdout", "stderr");
    Relay.hijack(scope, call, path, new byte[0]);
  }

  private void list(Call call) throws IOException {
    Filters filters =
        containers
            .own(call.filters())
            .map("network", this::networkFilter)
            .map("ancestor", this::ancestorFilter)
            .map("volume", v -> v.startsWith("/") ? v : scope.names().named(v));
    String path = "/containers/json" + call.keepQuery("all", "limit", "size");
    String joined = path + (path.contains("?") ? "&" : "?") + "filters=";
    Filters passed = filters.without("name");
    ArrayNode shown = Json.array();
    for (JsonNode container : scope.engine().get(joined + EngineCalls.encode(passed.text()))) {
      SharedNetwork.showListed(container);
      JsonNode own = scope.names().outward(container);
      if (hasName(own, filters.get("name"))) {
        shown.add(own);
      }
    }
    call.exchange().json(200, stage.shown(shown));
  }

  /** Docker's name filter is found in the name with its slash or without. */
  private static boolean hasName(JsonNode container, List<String> wanted) {
    return wanted.isEmpty()
        || container
            .path("Names")
            .valueStream()
            .map(JsonNode::asText)
            .anyMatch(n -> Filters.fitsName(wanted, n) || Filters.fitsName(wanted, n.substring(1)));
  }

  private String networkFilter(String name) {
    return name.equals("bridge") ? scope.owner().network() : scope.names().named(name);
  }

  private String ancestorFilter(String image) {
    return new OwnedImages(scope).find(image).map(OwnedImages.Found::reference).orElse(image);
  }

  private void inspect(Call call) throws IOException {
    JsonNode container =
        containers
            .find(call.part(0))
            .orElseThrow(() -> EngineError.notFound("No such container: " + call.part(0)));
    SharedNetwork.showInspected(container);
    ObjectNode shown = (ObjectNode) scope.names().outward(container);
    if (shown.path("HostConfig").path("NetworkMode").asText().equals("bridge")) {
      shown.withObjectProperty("HostConfig").put("NetworkMode", "default");
    }
    shown.withObjectProperty("HostConfig").remove("CgroupParent");
    call.exchange().json(200, stage.shown(shown));
  }

  private void stats(Call call) throws IOException {
    String path = path(call, "/stats", "stream", "one-shot");
    try (Engine.Answer answer = scope.raw().send("GET", path, List.of(), EngineCalls.none())) {
      EngineCalls.check(answer);
      Progress samples = new Progress(call.exchange());
      Relay.lines(answer.in(), sample -> samples.send(scope.names().outward(sample)));
    }
  }

  private void create(Call call) throws IOException {
    Optional<String> name = call.query("name");
    DockerfileFrom.checkPlatform(call.query("platform").orElse(""));
    ContainerPolicy.Planned planned = policy.create(call.body(), name);
    String query = name.map(n -> "?name=" + scope.names().named(n)).orElse("");
    JsonNode made;
    try {
      made = scope.engine().post("/containers/create" + query, planned.body());
    } catch (EngineError e) {
      throw new EngineError(e.status(), scope.names().outward(e.text()));
    }
    String id = made.path("Id").asText();
    try {
      join(id, planned.networks());
    } catch (EngineError e) {
      scope.engine().delete("/containers/" + id + "?force=1&v=1");
      throw e;
    }
    ArrayNode warnings = Json.array();
    planned.warnings().forEach(warnings::add);
    ObjectNode answer = Json.object().put("Id", id);
    answer.set("Warnings", warnings);
    call.exchange().json(201, answer);
  }

  private void join(String id, Map<String, ObjectNode> networks) {
    for (Map.Entry<String, ObjectNode> network : networks.entrySet()) {
      ObjectNode body = Json.object().put("Container", id);
      body.set("EndpointConfig", network.getValue());
      scope.engine().post("/networks/" + network.getKey() + "/connect", body);
    }
  }

  private void rename(Call call) throws IOException {
    String name = call.query("name").orElse("");
    Relay.command(
        scope,
        call,
        "/containers/" + containers.id(call.part(0)) + "/rename?name=" + scope.names().named(name));
  }

  private void update(Call call) throws IOException {
    ObjectNode body = policy.update(call.body());
    JsonNode answer =
        scope.engine().post("/containers/" + containers.id(call.part(0)) + "/update", body);
    call.exchange().json(200, scope.names().outward(answer));
  }

  private void remove(Call call) throws IOException {
    if (call.flag("link")) {
      throw EngineError.invalid("removing a link alone is not supported");
    }
    String path = "/containers/" + containers.id(call.part(0)) + call.keepQuery("v", "force");
    Relay.command(scope, call, path, ports::look);
  }

  private void prune(Call call) throws IOException {
    Filters filters = containers.own(call.filters());
    JsonNode answer =
        scope
            .engine()
            .post(
                "/containers/prune"
                    + EngineCalls.query(List.of(Map.entry("filters", filters.text()))));
    call.exchange().json(200, answer);
  }

  /** Removes all of the owner's containers, with the volumes that only they use. */
  List<String> removeAll() {
    List<String> removed = new ArrayList<>();
    for (JsonNode container : containers.all()) {
      String id = container.path("Id").asText();
      scope.raw().removeContainer(id);
      removed.add(id);
    }
    return removed;
  }
}
