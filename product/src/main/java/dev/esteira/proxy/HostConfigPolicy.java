package dev.esteira.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.esteira.base.Json;
import dev.esteira.engine.Capabilities;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a container may ask of the host: the Engine API's {@code HostConfig}, field by field.
 * Refuses what reaches the host or another owner; forces the network, the name server and the
 * limits.
 */
final class HostConfigPolicy {
  private static final Set<String> RESTARTS =
      Set.of("no", "always", "on-failure", "unless-stopped");
  private static final Set<String> DEFAULT_NETWORKS = Set.of("", "default", "bridge");
  private static final Pattern NO_NEW_PRIVILEGES = Pattern.compile("no-new-privileges([:=]true)?");
  private static final Pattern HOST_ENTRY = Pattern.compile("[a-zA-Z0-9_.-]+[:=][0-9a-fA-F.:]+");
  private static final long SHM_BYTES_MAX = 4L << 30;
  private static final String HOST_ONLY = "containers here share nothing with the host";
  private static final String NO_DEVICES = "devices of the host are not handed out";

  private final Sandbox sandbox;
  private final ContainerRules rules;
  private final MountPolicy mounts;
  private final List<String> warnings = new ArrayList<>();
  private String network = "";

  HostConfigPolicy(Sandbox sandbox, ContainerRules rules) {
    this.sandbox = sandbox;
    this.rules = rules;
    this.mounts = new MountPolicy(sandbox);
  }

  /** The user's own network asked for; empty means the default one. */
  String network() {
    return network;
  }

  List<String> warnings() {
    return warnings;
  }

  ObjectNode apply(JsonNode hostConfig) {
    ObjectNode result = fields().apply(hostConfig);
    long memory = result.path("Memory").asLong(0);
    if (memory <= 0 || memory > rules.memoryBytesMax()) {
      result.put("Memory", rules.memoryBytesMax());
      result.put("MemorySwap", rules.memoryBytesMax());
    }
    long pids = result.path("PidsLimit").asLong(0);
    if (pids <= 0 || pids > rules.pidsMax()) {
      result.put("PidsLimit", rules.pidsMax());
    }
    if (!result.has("NetworkMode")) {
      result.put("NetworkMode", rules.network());
    }
    // Who joins another container's network takes its name servers too: the engine refuses both.
    boolean joins = result.path("NetworkMode").asText().startsWith("container:");
    if (!rules.dns().isEmpty() && !joins && result.path("Dns").isEmpty()) {
      result.set("Dns", Json.array().add(rules.dns()));
    }
    rules.cgroupParent().ifPresent(parent -> result.put("CgroupParent", parent));
    result.put("Privileged", false);
    return result;
  }

  private Fields fields() {
    Fields fields = new Fields("HostConfig");
    resources(fields);
    namespaces(fields);
    rights(fields);
    fields
        .rule("Binds", mounts::binds)
        .rule("Mounts", mounts::mounts)
        .rule("VolumesFrom", this::volumesFrom)
        .rule("Links", this::links)
        .rule("LogConfig", this::logConfig)
        .rule("RestartPolicy", this::restartPolicy)
        .rule("PortBindings", this::portBindings)
        .rule("ExtraHosts", this::extraHosts)
        .keep("AutoRemove", "Tmpfs", "DnsOptions", "DnsSearch", "Init", "ReadonlyRootfs")
        .keep("GroupAdd", "ConsoleSize", "Dns")
        .drop("ContainerIDFile")
        .refuse("publish the ports by number, such as -p 8080:80", "PublishAllPorts")
        .allow("VolumeDriver", v -> v.asText().equals("local"), "only local volumes exist here")
        .refuse("storage options are the host's own", "StorageOpt")
        .refuse("kernel settings belong to the host", "Sysctls")
        .allow("Isolation", v -> v.asText().equals("default"), "it means Windows")
        .rule("Runtime", v -> oneOf("Runtime", v, Set.of("", "runc"), "only runc runs here"))
        .refuse("annotations speak to the host's runtime", "Annotations");
    return fields;
  }

  private static void resources(Fields fields) {
    fields
        .keep("CpuShares", "Memory", "NanoCpus", "BlkioWeight", "CpuPeriod", "CpuQuota")
        .keep("CpusetCpus", "CpusetMems", "MemoryReservation", "PidsLimit", "Ulimits")
        .keep("CpuCount", "CpuPercent")
        .drop("KernelMemory", "KernelMemoryTCP", "IOMaximumIOps", "IOMaximumBandwidth")
        .rule("MemorySwap", HostConfigPolicy::memorySwap)
        .allow("MemorySwappiness", v -> v.asLong() >= -1 && v.asLong() <= 100, "-1 to 100")
        .allow("ShmSize", v -> v.asLong() > 0 && v.asLong() <= SHM_BYTES_MAX, "at most 4 GiB")
        .refuse("it weighs on other owners", "OomKillDisable", "BlkioWeightDevice")
        .refuse("real-time scheduling starves the host", "CpuRealtimePeriod", "CpuRealtimeRuntime")
        .refuse(NO_DEVICES, "Devices", "DeviceCgroupRules", "DeviceRequests")
        .refuse(NO_DEVICES, "BlkioDeviceReadBps", "BlkioDeviceWriteBps")
        .refuse(NO_DEVICES, "BlkioDeviceReadIOps", "BlkioDeviceWriteIOps")
        .allow("OomScoreAdj", v -> v.asLong() >= 0, "only the host may be spared from memory loss")
        .refuse("the control group is chosen by the house", "CgroupParent", "Cgroup");
  }

  private void namespaces(Fields fields) {
    fields
        .rule("NetworkMode", this::networkMode)
        .rule("PidMode", v -> shared("PidMode", v, Set.of("")))
        .rule("IpcMode", v -> shared("IpcMode", v, Set.of("", "private", "shareable", "none")))
        .rule("UTSMode", v -> oneOf("UTSMode", v, Set.of(""), HOST_ONLY))
        .rule("UsernsMode", v -> oneOf("UsernsMode", v, Set.of(""), HOST_ONLY))
        .rule("CgroupnsMode", v -> oneOf("CgroupnsMode", v, Set.of("", "private"), HOST_ONLY));
  }

  private void rights(Fields fields) {
    fields
        .refuse("no container is privileged here; docker itself works without it", "Privileged")
        .rule("CapAdd", this::capAdd)
        .rule("Capabilities", this::capAdd)
        .keep("CapDrop")
        .rule("SecurityOpt", this::securityOpt)
        .rule("MaskedPaths", v -> unmasked("MaskedPaths", v))
        .rule("ReadonlyPaths", v -> unmasked("ReadonlyPaths", v));
  }

  private JsonNode capAdd(JsonNode value) {
    ArrayNode kept = Json.array();
    for (JsonNode item : value) {
      String name = item.asText().toUpperCase(Locale.ROOT).replaceFirst("^CAP_", "");
      if (!item.isTextual() || !Capabilities.DEFAULT.contains(name)) {
        throw EngineError.refused(
            "the capability " + item + " is refused here: only Docker's default ones are given");
      }
      kept.add(name);
    }
    return kept;
  }

  private JsonNode securityOpt(JsonNode value) {
    for (JsonNode item : value) {
      if (!item.isTextual() || !NO_NEW_PRIVILEGES.matcher(item.asText()).matches()) {
        throw EngineError.refused(
            "the security option "
                + item
                + " is refused here: only no-new-privileges, which makes it stricter, is taken");
      }
    }
    return value;
  }

  /** The client writes "unconfined" as an empty list; null means the default. */
  private static JsonNode unmasked(String name, JsonNode value) {
    if (!value.isNull()) {
      throw EngineError.refused(name + " is refused here: system paths stay masked");
    }
    return MissingNode.getInstance();
  }

  private JsonNode networkMode(JsonNode value) {
    String mode = value.asText("");
    if (mode.startsWith("container:")) {
      return TextNode.valueOf("container:" + sandbox.container(mode.substring(10)));
    }
    if (mode.equals("none")) {
      return value;
    }
    if (mode.equals("host") && rules.sharesNetwork()) {
      return TextNode.valueOf(rules.network());
    }
    if (mode.equals("host")) {
      throw EngineError.refused("the network mode 'host' is refused here: " + HOST_ONLY);
    }
    if (!DEFAULT_NETWORKS.contains(mode)) {
      network = sandbox.network(mode);
    }
    return TextNode.valueOf(rules.network());
  }

  private JsonNode shared(String name, JsonNode value, Set<String> allowed) {
    String mode = value.asText("");
    if (mode.startsWith("container:")) {
      return TextNode.valueOf("container:" + sandbox.container(mode.substring(10)));
    }
    return oneOf(name, value, allowed, HOST_ONLY);
  }

  private static JsonNode oneOf(String name, JsonNode value, Set<String> allowed, String reason) {
    String text = value.isNull() ? "" : value.asText("?");
    if (!allowed.contains(text)) {
      throw EngineError.refused(
          "HostConfig." + name + " = " + value + " is refused here: " + reason);
    }
    return text.isEmpty() ? MissingNode.getInstance() : value;
  }

  private JsonNode volumesFrom(JsonNode value) {
    ArrayNode kept = Json.array();
    for (JsonNode item : value) {
      String[] parts = item.asText().split(":", 2);
      kept.add(sandbox.container(parts[0]) + (parts.length > 1 ? ":" + parts[1] : ""));
    }
    return kept;
  }

  private JsonNode links(JsonNode value) {
    ArrayNode kept = Json.array();
    for (JsonNode item : value) {
      String[] parts = item.asText().split(":", 2);
      String alias = parts.length > 1 ? parts[1] : parts[0];
      kept.add(sandbox.container(parts[0]) + ":" + alias.replaceFirst("^.*/", ""));
    }
    return kept;
  }

  /** Other drivers speak to the host or to the net from outside the sandbox. */
  private JsonNode logConfig(JsonNode value) {
    String type = Fields.find(value, "Type").asText("");
    if (type.equals("none")) {
      return Json.object().put("Type", "none");
    }
    if (!Set.of("", "json-file", "local").contains(type)) {
      warnings.add("The log driver '" + type + "' is not used here; the log is kept as json-file");
    }
    ObjectNode kept = Json.object().put("Type", "json-file");
    kept.putObject("Config").put("max-size", "64m").put("max-file", "2");
    return kept;
  }

  private JsonNode restartPolicy(JsonNode value) {
    String name = Fields.find(value, "Name").asText("");
    if (name.isEmpty()) {
      return MissingNode.getInstance();
    }
    oneOf("RestartPolicy", TextNode.valueOf(name), RESTARTS, "no such policy");
    return Json.object()
        .put("Name", name)
        .put("MaximumRetryCount", Fields.find(value, "MaximumRetryCount").asInt(0));
  }

  /**
   * Published ports appear on the gateway of the owner's network, never on the host's addresses.
   */
  private JsonNode portBindings(JsonNode value) {
    if (rules.sharesNetwork()) {
      return SharedNetwork.bindings(value);
    }
    ObjectNode kept = Json.object();
    for (Map.Entry<String, JsonNode> port : value.properties()) {
      ArrayNode bindings = kept.putArray(port.getKey());
      for (JsonNode binding : port.getValue()) {
        bindings
            .addObject()
            .put("HostIp", sandbox.gateway())
            .put("HostPort", Fields.find(binding, "HostPort").asText(""));
      }
    }
    return kept;
  }

  private JsonNode extraHosts(JsonNode value) {
    if (rules.sharesNetwork() && value.isEmpty()) {
      return MissingNode.getInstance();
    }
    if (rules.sharesNetwork()) {
      warnings.add("Containers share the machine's network and its /etc/hosts here");
      return MissingNode.getInstance();
    }
    ArrayNode kept = Json.array();
    for (JsonNode item : value) {
      String entry = item.asText("").replaceFirst("([:=])host-gateway$", "$1" + sandbox.gateway());
      if (!HOST_ENTRY.matcher(entry).matches()) {
        throw EngineError.invalid("invalid extra host " + item + ": expected NAME:ADDRESS");
      }
      kept.add(entry);
    }
    return kept;
  }

  private static JsonNode memorySwap(JsonNode value) {
    return value.asLong(0) > 0 ? LongNode.valueOf(value.asLong()) : IntNode.valueOf(0);
  }
}
