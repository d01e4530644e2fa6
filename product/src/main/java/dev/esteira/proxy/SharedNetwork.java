package dev.esteira.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Owners whose containers share one network with the owner itself ({@code container:ID}): what they
 * publish is a label here, and whoever owns that network leads the ports to them. Pure.
 */
final class SharedNetwork {
  /** Published ports as the Engine API writes them: {@code {"8000/tcp":[{"HostPort":"80"}]}}. */
  static final String PORTS_LABEL = NameTranslation.LABEL_PREFIX + "ports";

  private static final String MODE = "container:";
  private static final String EVERYWHERE = "0.0.0.0";

  private SharedNetwork() {}

  static boolean is(String network) {
    return network.startsWith(MODE);
  }

  /** Bindings by port number; one without a number is published under its own. */
  static ObjectNode bindings(JsonNode asked) {
    ObjectNode kept = Json.object();
    for (Map.Entry<String, JsonNode> port : asked.properties()) {
      ArrayNode bindings = kept.putArray(port.getKey());
      for (JsonNode binding : port.getValue()) {
        String number = Fields.find(binding, "HostPort").asText("");
        String given = number.isEmpty() || number.equals("0") ? bare(port.getKey()) : number;
        if (!given.matches("[0-9]{1,5}") || !bare(port.getKey()).matches("[0-9]{1,5}")) {
          throw EngineError.invalid("publish ports one by one, such as -p 8080:80");
        }
        bindings.addObject().put("HostIp", EVERYWHERE).put("HostPort", given);
      }
    }
    return kept;
  }

  private static String bare(String port) {
    return port.split("/", 2)[0];
  }

  /** Takes out what the engine refuses beside a shared network; the ports go into the label. */
  static void adapt(ObjectNode body) {
    body.remove(List.of("Hostname", "Domainname", "ExposedPorts", "NetworkingConfig"));
    ObjectNode host = body.withObjectProperty("HostConfig");
    JsonNode ports = host.path("PortBindings");
    if (!ports.isEmpty()) {
      body.withObjectProperty("Labels").put(PORTS_LABEL, Json.write(ports));
    }
    host.remove(List.of("PortBindings", "Dns", "DnsSearch", "DnsOptions", "ExtraHosts", "Links"));
  }

  private static JsonNode ports(JsonNode labels) {
    String label = labels.path(PORTS_LABEL).asText("");
    return label.isEmpty() ? Json.object() : Json.parse(label);
  }

  /** Writes the published ports into a container as the engine lists it. */
  static void showListed(JsonNode container) {
    JsonNode ports = ports(container.path("Labels"));
    if (ports.isEmpty() || !container.path("State").asText().equals("running")) {
      return;
    }
    ArrayNode shown = ((ObjectNode) container).putArray("Ports");
    for (Map.Entry<String, JsonNode> port : ports.properties()) {
      for (JsonNode binding : port.getValue()) {
        shown
            .addObject()
            .put("IP", EVERYWHERE)
            .put("PrivatePort", Integer.parseInt(bare(port.getKey())))
            .put("PublicPort", binding.path("HostPort").asInt())
            .put("Type", port.getKey().endsWith("/udp") ? "udp" : "tcp");
      }
    }
  }

  /** Writes the published ports into a container as the engine inspects it. */
  static void showInspected(JsonNode container) {
    JsonNode ports = ports(container.path("Config").path("Labels"));
    if (!ports.isEmpty()) {
      ((ObjectNode) container).withObjectProperty("HostConfig").set("PortBindings", ports);
      if (container.path("State").path("Running").asBoolean()) {
        ((ObjectNode) container).withObjectProperty("NetworkSettings").set("Ports", ports);
      }
    }
  }

  /** Refuses a start whose ports another running container of the owner has. */
  static void checkFree(JsonNode containers, String id) {
    Set<String> taken = new HashSet<>();
    JsonNode own = Json.object();
    for (JsonNode container : containers) {
      JsonNode ports = ports(container.path("Labels"));
      if (container.path("Id").asText().equals(id)) {
        own = ports;
      } else if (container.path("State").asText().equals("running")) {
        taken.addAll(numbers(ports));
      }
    }
    for (String number : numbers(own)) {
      if (taken.contains(number)) {
        throw new EngineError(
            500,
            "driver failed programming external connectivity on endpoint "
                + id.substring(0, 12)
                + ": Bind for 0.0.0.0:"
                + bare(number)
                + " failed: port is already allocated");
      }
    }
  }

  /** {@code 80/tcp} for each published port. */
  private static Set<String> numbers(JsonNode ports) {
    Set<String> numbers = new HashSet<>();
    for (Map.Entry<String, JsonNode> port : ports.properties()) {
      String protocol = port.getKey().endsWith("/udp") ? "/udp" : "/tcp";
      port.getValue().forEach(b -> numbers.add(b.path("HostPort").asText() + protocol));
    }
    return numbers;
  }
}
