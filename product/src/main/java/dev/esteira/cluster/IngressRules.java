package dev.esteira.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What is refused in Ingresses. */
final class IngressRules {
  private static final List<String> PATH_TYPES =
      List.of("Exact", "ImplementationSpecific", "Prefix");

  private IngressRules() {}

  static void check(ObjectNode ingress, Violations out) {
    ObjectNode spec = Trees.object(ingress, "spec");
    List<ObjectNode> rules = Trees.objects(spec, "rules");
    if (rules.isEmpty() && !spec.has("defaultBackend")) {
      out.invalidRaw("spec", "null", "either `defaultBackend` or `rules` must be specified");
    }
    if (spec.get("defaultBackend") instanceof ObjectNode backend) {
      backend(backend, "spec.defaultBackend", out);
    }
    for (int i = 0; i < rules.size(); i++) {
      rule(rules.get(i), "spec.rules[" + i + "]", out);
    }
  }

  private static void rule(ObjectNode rule, String at, Violations out) {
    String host = Trees.text(rule, "host");
    if (host.matches("[0-9.]+")) {
      out.invalid(at + ".host", host, "must be a DNS name, not an IP address");
    } else if (!host.isEmpty()) {
      NameRules.subdomain(host.startsWith("*.") ? host.substring(2) : host)
          .ifPresent(why -> out.invalid(at + ".host", host, why));
    }
    if (!rule.has("http")) {
      return;
    }
    List<ObjectNode> paths = Trees.objects(rule, "http", "paths");
    if (paths.isEmpty()) {
      out.required(at + ".http.paths");
    }
    for (int i = 0; i < paths.size(); i++) {
      path(paths.get(i), at + ".http.paths[" + i + "]", out);
    }
  }

  private static void path(ObjectNode path, String at, Violations out) {
    String text = Trees.text(path, "path");
    String type = Trees.text(path, "pathType");
    if (type.isEmpty()) {
      out.required(at + ".pathType", "pathType must be specified");
    } else if (!PATH_TYPES.contains(type)) {
      out.unsupported(at + ".pathType", type, PATH_TYPES);
    }
    boolean mayBeEmpty = type.equals("ImplementationSpecific") || type.isEmpty();
    if (!text.startsWith("/") && !(text.isEmpty() && mayBeEmpty)) {
      out.invalid(at + ".path", text, "must be an absolute path");
    }
    if (path.get("backend") instanceof ObjectNode backend) {
      backend(backend, at + ".backend", out);
    } else {
      out.required(at + ".backend");
    }
  }

  private static void backend(ObjectNode backend, String at, Violations out) {
    if (!(backend.get("service") instanceof ObjectNode service)) {
      if (!backend.has("resource")) {
        out.required(at, "one of `service` or `resource` must be specified");
      }
      return;
    }
    String name = Trees.text(service, "name");
    if (name.isEmpty()) {
      out.required(at + ".service.name");
    } else {
      NameRules.label1035(name).ifPresent(why -> out.invalid(at + ".service.name", name, why));
    }
    long number = Trees.number(service, "port", "number");
    if (Trees.text(service, "port", "name").isEmpty()) {
      if (number == 0) {
        out.required(at + ".service.port", "port name or number is required");
      } else if (number < 1 || number > ContainerRules.PORT_MAX) {
        out.invalid(at + ".service.port.number", number, ContainerRules.PORT_RULE);
      }
    } else if (number != 0) {
      out.invalidRaw(at + ".service.port", "{}", "cannot set both port name & port number");
    }
  }
}
