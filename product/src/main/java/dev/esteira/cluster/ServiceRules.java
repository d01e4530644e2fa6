package dev.esteira.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is refused in Services. */
final class ServiceRules {
  private ServiceRules() {}

  static void check(ObjectNode service, Optional<ObjectNode> old, Violations out) {
    ObjectNode spec = Trees.object(service, "spec");
    String type = Trees.text(spec, "type");
    PodRules.oneOf(
        spec,
        "type",
        "spec",
        List.of("ClusterIP", "ExternalName", "LoadBalancer", "NodePort"),
        out);
    PodRules.oneOf(spec, "sessionAffinity", "spec", List.of("ClientIP", "None"), out);
    NameRules.labelMap(Trees.texts(spec, "selector"), "spec.selector", out);
    String clusterIp = Trees.text(spec, "clusterIP");
    boolean headless = clusterIp.equals(ClusterIps.NONE);
    if (headless && (type.equals("LoadBalancer") || type.equals("NodePort"))) {
      out.invalidRaw(
          "spec.clusterIPs[0]", "\"None\"", "may not be set to 'None' for " + type + " services");
    } else if (!headless && !clusterIp.isEmpty() && !isAddress(clusterIp)) {
      out.invalid(
          "spec.clusterIPs[0]",
          clusterIp,
          "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
    }
    String external = Trees.text(spec, "externalName");
    if (type.equals("ExternalName") && external.isEmpty()) {
      out.required("spec.externalName");
    }
    ports(spec, headless || type.equals("ExternalName"), out);
    old.ifPresent(o -> keepsAddress(spec, o, out));
  }

  private static boolean isAddress(String text) {
    return text.matches("(\\d{1,3}\\.){3}\\d{1,3}") || text.matches("[0-9a-fA-F:]*:[0-9a-fA-F:]*");
  }

  private static void keepsAddress(ObjectNode spec, ObjectNode old, Violations out) {
    String had = Trees.text(old, "spec", "clusterIP");
    String has = Trees.text(spec, "clusterIP");
    boolean external = Trees.text(spec, "type").equals("ExternalName");
    if (!external && !had.isEmpty() && !had.equals(has)) {
      out.invalidRaw("spec.clusterIPs[0]", "[]string{\"" + has + "\"}", "may not change once set");
    }
  }

  private static void ports(ObjectNode spec, boolean mayHaveNone, Violations out) {
    List<ObjectNode> ports = Trees.objects(spec, "ports");
    if (ports.isEmpty() && !mayHaveNone) {
      out.required("spec.ports");
    }
    Set<String> names = new HashSet<>();
    Set<String> numbers = new HashSet<>();
    for (int i = 0; i < ports.size(); i++) {
      ObjectNode port = ports.get(i);
      String at = "spec.ports[" + i + "]";
      String name = Trees.text(port, "name");
      if (name.isEmpty() && ports.size() > 1) {
        out.required(at + ".name");
      } else if (!name.isEmpty()) {
        NameRules.label(name).ifPresent(why -> out.invalid(at + ".name", name, why));
        if (!names.add(name)) {
          out.duplicate(at + ".name", name);
        }
      }
      number(port.path("port"), at + ".port", out);
      PodRules.oneOf(port, "protocol", at, ContainerRules.PROTOCOLS, out);
      target(port.path("targetPort"), at + ".targetPort", out);
      nodePort(port, at + ".nodePort", out);
      if (!numbers.add(Trees.text(port, "port") + "/" + Trees.text(port, "protocol"))) {
        out.duplicate(at, Trees.text(port, "port") + "/" + Trees.text(port, "protocol"));
      }
    }
  }

  private static void number(JsonNode port, String path, Violations out) {
    if (port.asLong() < 1 || port.asLong() > ContainerRules.PORT_MAX) {
      out.invalid(path, port.asLong(), ContainerRules.PORT_RULE);
    }
  }

  private static void target(JsonNode port, String path, Violations out) {
    if (port.isTextual()) {
      ContainerRules.portName(port.asText(), path, out);
    } else {
      number(port, path, out);
    }
  }

  private static void nodePort(ObjectNode port, String path, Violations out) {
    long number = Trees.number(port, "nodePort");
    if (number != 0 && (number < NodePorts.MIN || number > NodePorts.MAX)) {
      out.invalid(
          path,
          number,
          "provided port is not in the valid range. The range of valid ports is "
              + NodePorts.MIN
              + "-"
              + NodePorts.MAX);
    }
  }
}
