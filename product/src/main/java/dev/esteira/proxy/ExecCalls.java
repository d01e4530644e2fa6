package dev.esteira.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Commands in running containers: {@code /containers/ID/exec} and {@code /exec/ID}. */
final class ExecCalls {
  private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");

  private final Scope scope;
  private final OwnedContainers containers;

  ExecCalls(Scope scope, OwnedContainers containers) {
    this.scope = scope;
    this.containers = containers;
  }

  void addTo(Routes routes) {
    routes
        .add("POST", "/containers/{id}/exec", this::create)
        .add("POST", "/exec/{id}/start", this::start)
        .add(
            "POST",
            "/exec/{id}/resize",
            call -> Relay.command(scope, call, own(call) + "/resize" + call.keepQuery("h", "w")))
        .add("GET", "/exec/{id}/json", call -> Relay.json(scope, call, own(call) + "/json"));
  }

  private void create(Call call) throws IOException {
    ObjectNode body = ContainerPolicy.exec(call.body());
    String id = containers.id(call.part(0));
    call.exchange().json(201, scope.engine().post("/containers/" + id + "/exec", body));
  }

  /** The path of an exec in one of the owner's containers. */
  private String own(Call call) {
    String id = call.part(0);
    if (ID.matcher(id).matches()) {
      String container =
          scope
              .engine()
              .find("/exec/" + id + "/json")
              .map(exec -> exec.path("ContainerID").asText())
              .orElse("");
      if (!container.isEmpty() && containers.find(container).isPresent()) {
        return "/exec/" + id;
      }
    }
    throw EngineError.notFound("No such exec instance: " + id);
  }

  private void start(Call call) throws Exception {
    JsonNode asked = call.body();
    ObjectNode body = new Fields("ExecStart").keep("Detach", "Tty", "ConsoleSize").apply(asked);
    String path = own(call) + "/start";
    if (body.path("Detach").asBoolean(false)) {
      scope.engine().post(path, body);
      call.exchange().send(200, "text/plain", new byte[0]);
      return;
    }
    Relay.hijack(scope, call, path, Json.write(body).getBytes(StandardCharsets.UTF_8));
  }
}
