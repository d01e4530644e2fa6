package dev.esteira.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.fleet.Instances;
import dev.esteira.fleet.LiveInstances;
import dev.esteira.http.Exchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** REST for instances: what there is, their consoles, and where their containers are. */
public final class InstanceApi {
  private final LiveInstances instances;
  private final String engineSocket;

  /** {@code engineSocket}: the engine of the home, which a shell on this machine goes through. */
  public InstanceApi(LiveInstances instances, String engineSocket) {
    this.instances = instances;
    this.engineSocket = engineSocket;
  }

  void list(Exchange exchange) throws IOException {
    ArrayNode list = Json.array();
    instances.all().forEach(instance -> list.add(shown(instance)));
    exchange.json(200, list);
  }

  void show(Exchange exchange) throws IOException {
    Instances.Instance instance = named(exchange);
    ObjectNode shown = shown(instance);
    shown.put("container", instances.container(instance.id()));
    exchange.json(200, shown.put("engine", engineSocket));
  }

  void console(Exchange exchange) throws IOException {
    byte[] output = instances.console(named(exchange).id());
    exchange.json(200, Json.object().put("text", new String(output, StandardCharsets.UTF_8)));
  }

  /** By id, or by the tag Name when one that has not ended carries it. */
  private Instances.Instance named(Exchange exchange) {
    String name =
        exchange.query("name").orElseThrow(() -> EsteiraException.invalid("'name' is missing"));
    List<Instances.Instance> found =
        instances.all().stream()
            .filter(i ->
                i.id().equals(name) || (name.equals(i.tags().get("Name")) && i.endedAt().isEmpty()))
            .toList();
    if (found.size() > 1) {
      throw EsteiraException.conflict(
          "several instances are named '"
              + name
              + "': "
              + String.join(", ", found.stream().map(Instances.Instance::id).toList()));
    }
    return found.stream()
        .findFirst()
        .orElseThrow(() -> EsteiraException.notFound("there is no instance '" + name + "'"));
  }

  private static ObjectNode shown(Instances.Instance instance) {
    ObjectNode shown = Json.object().put("id", instance.id());
    shown.put("name", instance.tags().getOrDefault("Name", ""));
    shown.put("state", instance.state().word()).put("healthy", instance.healthy());
    shown.put("type", instance.template().instanceType());
    shown.put("image", instance.template().imageId()).put("zone", instance.network().zone());
    shown.put("privateAddress", instance.network().privateAddress());
    shown.put("publicAddress", instance.publicAddress().orElse(""));
    shown.put("launchedBy", instance.launchedBy());
    shown.put("launchedAt", instance.launchedAt().toString());
    return shown.put("reason", instance.stateReason());
  }
}
