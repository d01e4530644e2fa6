package dev.esteira.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What is refused in probes. */
final class ProbeRules {
  private static final List<String> HANDLERS = List.of("exec", "httpGet", "tcpSocket", "grpc");

  private ProbeRules() {}

  static void check(ObjectNode container, String path, Violations out) {
    for (String name : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
      if (container.get(name) instanceof ObjectNode probe) {
        String at = path + "." + name;
        handler(probe, at, out);
        for (String field :
            List.of(
                "initialDelaySeconds",
                "timeoutSeconds",
                "periodSeconds",
                "successThreshold",
                "failureThreshold")) {
          if (Trees.number(probe, field) < 0) {
            out.invalid(
                at + "." + field, Trees.number(probe, field), "must be greater than or equal to 0");
          }
        }
        long successes = Trees.number(probe, "successThreshold");
        if (!name.equals("readinessProbe") && successes != 1) {
          out.invalid(at + ".successThreshold", successes, "must be 1");
        }
      }
    }
  }

  private static void handler(ObjectNode probe, String path, Violations out) {
    List<String> named = HANDLERS.stream().filter(probe::has).toList();
    if (named.isEmpty()) {
      out.required(path, "must specify a handler type");
      return;
    }
    for (String more : named.subList(1, named.size())) {
      out.forbidden(path + "." + more, "may not specify more than 1 handler type");
    }
    String handler = named.get(0);
    if (handler.equals("exec")) {
      if (Trees.at(probe, "exec", "command").isEmpty()) {
        out.required(path + ".exec.command");
      }
    } else {
      port(probe.path(handler).path("port"), path + "." + handler + ".port", out);
    }
    if (handler.equals("httpGet")) {
      ObjectNode get = Trees.object(probe, "httpGet");
      PodRules.oneOf(get, "scheme", path + ".httpGet", List.of("HTTP", "HTTPS"), out);
    }
  }

  /** A number, or the name of a container's port. */
  private static void port(JsonNode port, String path, Violations out) {
    if (port.isTextual()) {
      ContainerRules.portName(port.asText(), path, out);
    } else if (port.asLong() < 1 || port.asLong() > ContainerRules.PORT_MAX) {
      out.invalid(path, port.asLong(), ContainerRules.PORT_RULE);
    }
  }
}
