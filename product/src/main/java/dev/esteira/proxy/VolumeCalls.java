package dev.esteira.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Ids;
import dev.esteira.base.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code /volumes}: local ones with a name of the owner's. */
final class VolumeCalls {
  private static final int RANDOM_HEX = 64;

  private final Scope scope;

  VolumeCalls(Scope scope) {
    this.scope = scope;
  }

  void addTo(Routes routes) {
    routes
        .add("GET", "/volumes", this::list)
        .add("POST", "/volumes/create", this::create)
        .add("POST", "/volumes/prune", this::prune)
        .add("GET", "/volumes/{name}", this::inspect)
        .add("DELETE", "/volumes/{name}", this::remove);
  }

  /** The owner's volumes as the engine lists them. */
  List<JsonNode> all(Filters filters) {
    List<JsonNode> own = new ArrayList<>();
    String query = "?filters=" + EngineCalls.encode(filters.without("name").text());
    for (JsonNode volume : scope.engine().get("/volumes" + query).path("Volumes")) {
      String name = volume.path("Name").asText();
      boolean wanted = Filters.fitsName(filters.get("name"), scope.names().outward(name));
      if (scope.names().ownsNamed(name) && wanted) {
        own.add(volume);
      }
    }
    return own;
  }

  private void list(Call call) throws IOException {
    ArrayNode shown = Json.array();
    all(call.filters()).forEach(volume -> shown.add(shown(volume)));
    ObjectNode answer = Json.object();
    answer.set("Volumes", shown);
    answer.putArray("Warnings");
    call.exchange().json(200, answer);
  }

  private void create(Call call) throws IOException {
    ObjectNode body =
        new Fields("Volume")
            .keep("Name", "Labels")
            .allow("Driver", v -> v.asText().equals("local"), "only local volumes exist here")
            .refuse("options of the local driver can mount what is the host's", "DriverOpts")
            .refuse("there is no swarm here", "ClusterVolumeSpec")
            .apply(call.body());
    String name = body.path("Name").asText("");
    body.put("Name", scope.names().named(name.isEmpty() ? Ids.hex(RANDOM_HEX) : name));
    body.set("Labels", ContainerPolicy.labels(body.path("Labels")));
    call.exchange().json(201, shown(scope.engine().post("/volumes/create", body)));
  }

  /** Where it lies on the host is nobody's business. */
  private JsonNode shown(JsonNode volume) {
    ObjectNode shown = (ObjectNode) scope.names().outward(volume);
    return shown.put(
        "Mountpoint", "/var/lib/docker/volumes/" + shown.path("Name").asText() + "/_data");
  }

  private String path(Call call) {
    String name = call.part(0);
    return scope
        .engine()
        .find("/volumes/" + scope.names().named(name))
        .map(volume -> "/volumes/" + volume.path("Name").asText())
        .orElseThrow(() -> EngineError.notFound("get " + name + ": no such volume"));
  }

  private void inspect(Call call) throws IOException {
    call.exchange().json(200, shown(scope.engine().get(path(call))));
  }

  private void remove(Call call) throws IOException {
    Relay.command(scope, call, path(call) + call.keepQuery("force"));
  }

  private void prune(Call call) throws IOException {
    ArrayNode deleted = Json.array();
    Filters unused = call.filters().without("all").with("dangling", "true");
    for (JsonNode volume : all(unused)) {
      String name = volume.path("Name").asText();
      scope.engine().delete("/volumes/" + name);
      deleted.add(scope.names().outward(name));
    }
    ObjectNode answer = Json.object().put("SpaceReclaimed", 0);
    answer.set("VolumesDeleted", deleted);
    call.exchange().json(200, answer);
  }
}
