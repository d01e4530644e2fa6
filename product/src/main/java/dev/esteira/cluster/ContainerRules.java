package dev.esteira.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is refused in a container. */
final class ContainerRules {
  static final int PORT_MAX = 65_535;
  static final String PORT_RULE = "must be between 1 and 65535, inclusive";
  static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");

  private ContainerRules() {}

  static void check(ObjectNode container, String path, Set<String> volumes, Violations out) {
    String name = Trees.text(container, "name");
    if (name.isEmpty()) {
      out.required(path + ".name");
    } else {
      NameRules.label(name).ifPresent(why -> out.invalid(path + ".name", name, why));
    }
    String image = Trees.text(container, "image");
    if (image.isEmpty()) {
      out.required(path + ".image");
    } else if (!image.strip().equals(image)) {
      out.invalid(path + ".image", image, "must not have leading or trailing whitespace");
    }
    PodRules.oneOf(
        container, "imagePullPolicy", path, List.of("Always", "IfNotPresent", "Never"), out);
    ports(container, path + ".ports", out);
    env(container, path + ".env", out);
    mounts(container, path + ".volumeMounts", volumes, out);
    resources(container, path + ".resources", out);
    ProbeRules.check(container, path, out);
  }

  private static void ports(ObjectNode container, String path, Violations out) {
    Set<String> names = new HashSet<>();
    int i = 0;
    for (ObjectNode port : Trees.objects(container, "ports")) {
      String at = path + "[" + i++ + "]";
      long number = Trees.number(port, "containerPort");
      if (number == 0) {
        out.required(at + ".containerPort");
      } else if (number < 0 || number > PORT_MAX) {
        out.invalid(at + ".containerPort", number, PORT_RULE);
      }
      PodRules.oneOf(port, "protocol", at, PROTOCOLS, out);
      String name = Trees.text(port, "name");
      if (!name.isEmpty()) {
        portName(name, at + ".name", out);
        if (!names.add(name)) {
          out.duplicate(at + ".name", name);
        }
      }
    }
  }

  /** The IANA service name form that ports of containers are called by. */
  static void portName(String name, String path, Violations out) {
    if (name.length() > 15) {
      out.invalid(path, name, "must be no more than 15 characters");
    } else if (!name.matches("[a-z0-9]([a-z0-9-]*[a-z0-9])?")) {
      out.invalid(
          path,
          name,
          "must contain only alpha-numeric characters (a-z, 0-9), and hyphens" + " (-)");
    } else if (!name.matches(".*[a-z].*")) {
      out.invalid(path, name, "must contain at least one letter (a-z)");
    }
  }

  private static void env(ObjectNode container, String path, Violations out) {
    int i = 0;
    for (ObjectNode variable : Trees.objects(container, "env")) {
      String at = path + "[" + i++ + "]";
      String name = Trees.text(variable, "name");
      if (name.isEmpty()) {
        out.required(at + ".name");
      } else if (!name.matches("[ -<>-~]+")) {
        out.invalid(
            at + ".name",
            name,
            "a valid environment variable name must consist only of printable ASCII characters"
                + " other than '='");
      }
      JsonNode from = variable.path("valueFrom");
      if (from.isObject() && from.isEmpty()) {
        out.invalid(
            at + ".valueFrom",
            "",
            "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or"
                + " `secretKeyRef`");
      } else if (from.isObject() && !Trees.text(variable, "value").isEmpty()) {
        out.invalid(at + ".valueFrom", "", "may not be specified when `value` is not empty");
      }
      for (String source : List.of("configMapKeyRef", "secretKeyRef")) {
        if (from.path(source).isObject() && Trees.text(from, source, "key").isEmpty()) {
          out.required(at + ".valueFrom." + source + ".key");
        }
      }
    }
  }

  private static void mounts(
      ObjectNode container, String path, Set<String> volumes, Violations out) {
    Set<String> places = new HashSet<>();
    int i = 0;
    for (ObjectNode mount : Trees.objects(container, "volumeMounts")) {
      String at = path + "[" + i++ + "]";
      String name = Trees.text(mount, "name");
      if (name.isEmpty()) {
        out.required(at + ".name");
      } else if (!volumes.contains(name)) {
        out.notFound(at + ".name", name);
      }
      String place = Trees.text(mount, "mountPath");
      if (place.isEmpty()) {
        out.required(at + ".mountPath");
      } else if (!places.add(place)) {
        out.invalid(at + ".mountPath", place, "must be unique");
      }
      if (List.of(Trees.text(mount, "subPath").split("/")).contains("..")) {
        out.invalid(at + ".subPath", Trees.text(mount, "subPath"), "must not contain '..'");
      }
    }
  }

  private static void resources(ObjectNode container, String path, Violations out) {
    JsonNode limits = Trees.at(container, "resources", "limits");
    JsonNode requests = Trees.at(container, "resources", "requests");
    for (Map.Entry<String, JsonNode> limit : limits.properties()) {
      amount(limit, path + ".limits", out);
    }
    for (Map.Entry<String, JsonNode> request : requests.properties()) {
      Optional<BigDecimal> wanted = amount(request, path + ".requests", out);
      Optional<BigDecimal> most = Quantity.parse(limits.path(request.getKey()).asText(""));
      if (wanted.isPresent() && most.isPresent() && wanted.get().compareTo(most.get()) > 0) {
        out.invalid(
            path + ".requests",
            request.getValue().asText(),
            "must be less than or equal to "
                + request.getKey()
                + " limit of "
                + limits.path(request.getKey()).asText());
      }
    }
  }

  private static Optional<BigDecimal> amount(
      Map.Entry<String, JsonNode> entry, String path, Violations out) {
    Optional<BigDecimal> amount = Quantity.parse(entry.getValue().asText());
    String at = path + "[" + entry.getKey() + "]";
    if (amount.isEmpty()) {
      out.invalid(at, entry.getValue().asText(), Quantity.RULE);
    } else if (amount.get().signum() < 0) {
      out.invalid(at, entry.getValue().asText(), "must be greater than or equal to 0");
    }
    return amount;
  }
}
