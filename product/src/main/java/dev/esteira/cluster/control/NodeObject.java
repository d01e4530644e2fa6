package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.cluster.Kind;
import dev.esteira.cluster.Objects;
import java.time.Instant;

/** The one node of this cluster: this machine. */
final class NodeObject {
  static final String NAME = "esteira";
  private static final int PODS_MAX = 250;
  private static final String VERSION = "v1.32.0";

  private NodeObject() {}

  /** Makes the node's object, or brings it up to date. */
  static void put(Objects objects, JsonNode engineInfo, String address, Instant now) {
    if (objects.get(Kind.NODE, "", NAME).isEmpty()) {
      ObjectNode node = Json.object();
      node.put("apiVersion", "v1").put("kind", "Node");
      ObjectNode metadata = node.putObject("metadata").put("name", NAME);
      ObjectNode labels = metadata.putObject("labels");
      labels.put("kubernetes.io/hostname", NAME).put("kubernetes.io/os", "linux");
      labels.put("kubernetes.io/arch", architecture(engineInfo));
      labels.put("node-role.kubernetes.io/control-plane", "");
      node.putObject("spec");
      objects.create(Kind.NODE, node);
    }
    objects.apply(
        Kind.NODE,
        "",
        NAME,
        node -> {
          status(node, engineInfo, address, now);
          return node;
        });
  }

  private static void status(ObjectNode node, JsonNode info, String address, Instant now) {
    ObjectNode old = node.deepCopy();
    ObjectNode status = node.putObject("status");
    for (String list : new String[] {"capacity", "allocatable"}) {
      ObjectNode amounts = status.putObject(list);
      amounts.put("cpu", Integer.toString(info.path("NCPU").asInt(1)));
      amounts.put("memory", (info.path("MemTotal").asLong(0) >> 10) + "Ki");
      amounts.put("pods", Integer.toString(PODS_MAX));
    }
    ArrayNode addresses = status.putArray("addresses");
    addresses.addObject().put("type", "InternalIP").put("address", address);
    addresses.addObject().put("type", "Hostname").put("address", NAME);
    conditions(status.putArray("conditions"), old, now);
    ObjectNode about = status.putObject("nodeInfo");
    about.put("architecture", architecture(info)).put("operatingSystem", "linux");
    about.put("osImage", info.path("OperatingSystem").asText(""));
    about.put("kernelVersion", info.path("KernelVersion").asText(""));
    about.put("containerRuntimeVersion", "docker://" + info.path("ServerVersion").asText(""));
    about.put("kubeletVersion", VERSION).put("kubeProxyVersion", VERSION);
    about.put("machineID", info.path("ID").asText("")).put("systemUUID", "").put("bootID", "");
  }

  private static void conditions(ArrayNode conditions, JsonNode old, Instant now) {
    condition(conditions, old, "MemoryPressure", "False", "KubeletHasSufficientMemory", now);
    condition(conditions, old, "DiskPressure", "False", "KubeletHasNoDiskPressure", now);
    condition(conditions, old, "PIDPressure", "False", "KubeletHasSufficientPID", now);
    condition(conditions, old, "Ready", "True", "KubeletReady", now);
  }

  private static void condition(
      ArrayNode conditions, JsonNode old, String type, String status, String reason, Instant now) {
    String message = "the engine of this Esteira answers";
    Conditions.add(conditions, old, type, status, reason, message, now)
        .put("lastHeartbeatTime", Tree.time(now));
  }

  private static String architecture(JsonNode info) {
    return switch (info.path("Architecture").asText("x86_64")) {
      case "aarch64", "arm64" -> "arm64";
      default -> "amd64";
    };
  }
}
