package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.cluster.control.PodEnvironment.Incomplete;
import dev.esteira.engine.Capabilities;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A pod's container in the words of the Engine API. Pure. */
final class ContainerConfig {
  private static final long CPU_NANOS = 1_000_000L;
  private static final int CPU_SHARES_MIN = 2;

  private ContainerConfig() {}

  static ObjectNode of(
      JsonNode pod,
      JsonNode container,
      String imageId,
      String sandboxId,
      Map<String, String> environment,
      List<String> binds,
      ObjectNode labels)
      throws Incomplete {
    refuseHost(pod);
    ObjectNode config = Json.object();
    config.put("Image", imageId);
    labels.put(PodNames.SANDBOX, sandboxId);
    config.set("Labels", labels);
    words(config, "Entrypoint", container.path("command"), environment);
    words(config, "Cmd", container.path("args"), environment);
    ArrayNode env = config.putArray("Env");
    environment.forEach((name, value) -> env.add(name + "=" + value));
    if (!container.path("workingDir").asText("").isEmpty()) {
      config.put("WorkingDir", container.path("workingDir").asText());
    }
    config.put("Tty", container.path("tty").asBoolean(false));
    config.put("OpenStdin", container.path("stdin").asBoolean(false));
    ObjectNode host = config.putObject("HostConfig");
    host.put("NetworkMode", "container:" + sandboxId);
    ArrayNode mounts = host.putArray("Binds");
    binds.forEach(mounts::add);
    ObjectNode logs = host.putObject("LogConfig").put("Type", "json-file");
    logs.putObject("Config").put("max-size", "20m").put("max-file", "2");
    resources(host, container.path("resources"));
    security(config, host, pod, container);
    return config;
  }

  private static void words(
      ObjectNode config, String field, JsonNode words, Map<String, String> environment) {
    if (words.isArray() && !words.isEmpty()) {
      ArrayNode all = config.putArray(field);
      words.forEach(w -> all.add(PodEnvironment.expand(w.asText(""), environment)));
    }
  }

  private static void refuseHost(JsonNode pod) throws Incomplete {
    for (String name : List.of("hostNetwork", "hostPID", "hostIPC")) {
      if (pod.path("spec").path(name).asBoolean(false)) {
        throw new Incomplete(name + " is not supported: pods never share the host's namespaces");
      }
    }
  }

  private static void resources(ObjectNode host, JsonNode resources) {
    String memory = resources.path("limits").path("memory").asText("");
    if (!memory.isEmpty()) {
      host.put("Memory", Quantity.bytes(memory)).put("MemorySwap", Quantity.bytes(memory));
    }
    String cpu = resources.path("limits").path("cpu").asText("");
    if (!cpu.isEmpty()) {
      host.put("NanoCpus", Quantity.millis(cpu) * CPU_NANOS);
    }
    String share = resources.path("requests").path("cpu").asText(cpu);
    if (!share.isEmpty()) {
      host.put("CpuShares", Math.max(CPU_SHARES_MIN, Quantity.millis(share) * 1024 / 1000));
    }
  }

  private static void security(ObjectNode config, ObjectNode host, JsonNode pod, JsonNode container)
      throws Incomplete {
    JsonNode own = container.path("securityContext");
    JsonNode shared = pod.path("spec").path("securityContext");
    if (own.path("privileged").asBoolean(false)) {
      throw new Incomplete("privileged containers are not supported");
    }
    Optional<String> user = either(own, shared, "runAsUser");
    Optional<String> group = either(own, shared, "runAsGroup");
    if (user.isPresent()) {
      config.put("User", user.get() + group.map(g -> ":" + g).orElse(""));
    } else if (group.isPresent()) {
      config.put("User", "0:" + group.get());
    }
    ArrayNode groups = host.putArray("GroupAdd");
    either(own, shared, "fsGroup").ifPresent(groups::add);
    shared.path("supplementalGroups").forEach(g -> groups.add(g.asText()));
    if (own.path("readOnlyRootFilesystem").asBoolean(false)) {
      host.put("ReadonlyRootfs", true);
    }
    if (!own.path("allowPrivilegeEscalation").asBoolean(true)) {
      host.putArray("SecurityOpt").add("no-new-privileges");
    }
    capabilities(host, own.path("capabilities"));
  }

  private static void capabilities(ObjectNode host, JsonNode capabilities) throws Incomplete {
    ArrayNode drop = host.putArray("CapDrop");
    capabilities.path("drop").forEach(c -> drop.add(c.asText()));
    ArrayNode add = host.putArray("CapAdd");
    for (JsonNode capability : capabilities.path("add")) {
      String name = capability.asText().replaceFirst("^CAP_", "");
      if (!Capabilities.DEFAULT.contains(name)) {
        throw new Incomplete("the capability " + name + " is not supported in pods");
      }
      add.add(name);
    }
  }

  private static Optional<String> either(JsonNode own, JsonNode shared, String field) {
    JsonNode value = own.hasNonNull(field) ? own.get(field) : shared.path(field);
    return value.isValueNode() && !value.isNull() ? Optional.of(value.asText()) : Optional.empty();
  }
}
