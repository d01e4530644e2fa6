package dev.esteira.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.esteira.base.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Judges what a client asks of a container (create, exec, update) and writes what the engine gets.
 * Everything is an allow-list over the parsed body; see {@link Fields}. Pure but for {@link
 * Sandbox}.
 */
final class ContainerPolicy {
  /**
   * A container as the engine will make it.
   *
   * @param body for {@code /containers/create}
   * @param networks own networks to join before it starts, each with its endpoint settings
   * @param warnings for the client
   */
  record Planned(ObjectNode body, Map<String, ObjectNode> networks, List<String> warnings) {
    Planned {
      networks = Map.copyOf(networks);
      warnings = List.copyOf(warnings);
    }
  }

  private final Sandbox sandbox;
  private final ContainerRules rules;

  ContainerPolicy(Sandbox sandbox, ContainerRules rules) {
    this.sandbox = sandbox;
    this.rules = rules;
  }

  /**
   * Judges a container.
   *
   * @param name the name the client gave it; others of the owner find it under this name
   */
  Planned create(JsonNode body, Optional<String> name) {
    HostConfigPolicy host = new HostConfigPolicy(sandbox, rules);
    ObjectNode result = config().apply(body);
    result.set("HostConfig", host.apply(Fields.find(body, "HostConfig")));
    String mode = result.path("HostConfig").path("NetworkMode").asText();
    Map<String, ObjectNode> networks = new LinkedHashMap<>();
    if (!mode.startsWith("container:") && !mode.equals("none")) {
      networks.putAll(endpoints(Fields.find(body, "NetworkingConfig"), host.network(), name));
      ObjectNode own = Optional.ofNullable(networks.remove(rules.network())).orElse(Json.object());
      alias(own, name);
      result.putObject("NetworkingConfig").putObject("EndpointsConfig").set(rules.network(), own);
    }
    ObjectNode labels = result.withObjectProperty("Labels");
    labels.put(NameTranslation.OWNER_LABEL, rules.owner());
    if (rules.sharesNetwork() && mode.equals(rules.network())) {
      SharedNetwork.adapt(result);
    }
    return new Planned(result, networks, host.warnings());
  }

  private Fields config() {
    return new Fields("Container")
        .keep("Hostname", "Domainname", "User", "AttachStdin", "AttachStdout", "AttachStderr")
        .keep("ExposedPorts", "Tty", "OpenStdin", "StdinOnce", "Env", "Cmd", "Healthcheck")
        .keep("ArgsEscaped", "WorkingDir", "Entrypoint", "NetworkDisabled", "Volumes", "Shell")
        .keep("StopSignal", "StopTimeout", "OnBuild")
        .drop("MacAddress", "HostConfig", "NetworkingConfig")
        .rule("Labels", ContainerPolicy::labels)
        .rule("Image", v -> TextNode.valueOf(sandbox.image(v.asText(""))));
  }

  /** The user's labels, without those that would claim to be ours. */
  static JsonNode labels(JsonNode value) {
    ObjectNode kept = Json.object();
    for (Map.Entry<String, JsonNode> label : value.properties()) {
      if (!label.getKey().startsWith(NameTranslation.LABEL_PREFIX)) {
        kept.set(label.getKey(), label.getValue());
      }
    }
    return kept;
  }

  private Map<String, ObjectNode> endpoints(
      JsonNode networking, String asked, Optional<String> name) {
    Map<String, ObjectNode> found = new LinkedHashMap<>();
    new Fields("NetworkingConfig").keep("EndpointsConfig").apply(networking);
    for (Map.Entry<String, JsonNode> entry :
        Fields.find(networking, "EndpointsConfig").properties()) {
      ObjectNode settings = endpoint(entry.getValue());
      found.put(engineNetwork(entry.getKey()), settings);
    }
    if (!asked.isEmpty()) {
      found.putIfAbsent(asked, Json.object());
    }
    found.values().forEach(settings -> alias(settings, name));
    return found;
  }

  /** The engine's name of a network; Docker's default bridge is the owner's own. */
  private String engineNetwork(String name) {
    return switch (name) {
      case "", "default", "bridge" -> rules.network();
      case "host" -> throw EngineError.refused("the host's network is refused here");
      default -> sandbox.network(name);
    };
  }

  /** How a container joins a network: by aliases and links of its own, nothing else. */
  ObjectNode endpoint(JsonNode settings) {
    return new Fields("EndpointSettings")
        .keep("Aliases")
        .refuse("addresses are given by the house", "IPAMConfig", "DriverOpts")
        .rule("Links", _ -> MissingNode.getInstance())
        .drop("NetworkID", "EndpointID", "Gateway", "IPAddress", "IPPrefixLen", "IPv6Gateway")
        .drop("GlobalIPv6Address", "GlobalIPv6PrefixLen", "MacAddress", "DNSNames", "GwPriority")
        .apply(settings);
  }

  private static void alias(ObjectNode settings, Optional<String> name) {
    name.ifPresent(alias -> settings.withArrayProperty("Aliases").add(alias));
  }

  /** Judges an exec. */
  static ObjectNode exec(JsonNode body) {
    return new Fields("Exec")
        .keep("AttachStdin", "AttachStdout", "AttachStderr", "DetachKeys", "Tty", "Env", "Cmd")
        .keep("User", "WorkingDir", "ConsoleSize", "Detach")
        .refuse("no process is privileged here", "Privileged")
        .apply(body);
  }

  /** Judges a change of a running container's limits. */
  ObjectNode update(JsonNode body) {
    ObjectNode judged = new HostConfigPolicy(sandbox, rules).apply(body);
    ObjectNode kept =
        new Fields("Update")
            .keep("CpuShares", "Memory", "MemorySwap", "NanoCpus", "CpuPeriod", "CpuQuota")
            .keep("CpusetCpus", "CpusetMems", "MemoryReservation", "PidsLimit", "BlkioWeight")
            .keep("RestartPolicy")
            .drop("NetworkMode", "Dns", "CgroupParent", "Privileged")
            .apply(judged);
    if (Fields.isDefault(Fields.find(body, "Memory"))) {
      kept.remove(List.of("Memory", "MemorySwap"));
    }
    return kept;
  }
}
