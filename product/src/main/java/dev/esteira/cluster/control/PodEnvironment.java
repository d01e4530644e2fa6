package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.cluster.Kind;
import dev.esteira.cluster.Objects;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The environment variables of a container, with everything that they are taken from. */
final class PodEnvironment {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\$|\\$\\(([-._a-zA-Z0-9]+)\\)");

  /** Something that the container needs is not there, in Kubernetes' words. */
  static final class Incomplete extends Exception {
    private static final long serialVersionUID = 1L;

    Incomplete(String message) {
      super(message);
    }

    String text() {
      String message = getMessage();
      return message == null ? "" : message;
    }
  }

  private final Objects objects;
  private final JsonNode pod;
  private final String podAddress;
  private final String hostAddress;

  PodEnvironment(Objects objects, JsonNode pod, String podAddress, String hostAddress) {
    this.objects = objects;
    this.pod = pod;
    this.podAddress = podAddress;
    this.hostAddress = hostAddress;
  }

  /** In order: services, envFrom, env; a later one of the same name wins. */
  Map<String, String> of(JsonNode container) throws Incomplete {
    Map<String, String> all = new LinkedHashMap<>();
    if (pod.path("spec").path("enableServiceLinks").asBoolean(true)) {
      all.putAll(serviceLinks());
    }
    for (JsonNode source : container.path("envFrom")) {
      all.putAll(from(source));
    }
    for (JsonNode variable : container.path("env")) {
      String name = variable.path("name").asText("");
      if (variable.path("valueFrom").isObject()) {
        Optional<String> value = valueFrom(variable.path("valueFrom"), container);
        value.ifPresent(v -> all.put(name, v));
      } else {
        all.put(name, expand(variable.path("value").asText(""), all));
      }
    }
    return all;
  }

  /** Replaces {@code $(NAME)} by the variable's value; unknown ones stay, {@code $$} is a $. */
  static String expand(String text, Map<String, String> variables) {
    Matcher found = REFERENCE.matcher(text);
    StringBuilder result = new StringBuilder();
    while (found.find()) {
      String name = found.group(1);
      String value = name == null ? "$" : variables.getOrDefault(name, found.group());
      found.appendReplacement(result, Matcher.quoteReplacement(value));
    }
    return found.appendTail(result).toString();
  }

  /**
   * {@code NAME_SERVICE_HOST} and its kin, of the services that exist when the container starts.
   */
  private Map<String, String> serviceLinks() {
    Map<String, String> all = new LinkedHashMap<>();
    for (ObjectNode service : objects.list(Kind.SERVICE, Optional.of(Tree.namespace(pod)))) {
      String address = service.path("spec").path("clusterIP").asText("");
      if (address.isEmpty() || address.equals("None")) {
        continue;
      }
      String prefix = Tree.name(service).toUpperCase(Locale.ROOT).replace('-', '_');
      all.put(prefix + "_SERVICE_HOST", address);
      boolean first = true;
      for (JsonNode port : service.path("spec").path("ports")) {
        link(all, prefix, address, port, first);
        first = false;
      }
    }
    return all;
  }

  private static void link(
      Map<String, String> all, String prefix, String address, JsonNode port, boolean first) {
    String number = port.path("port").asText();
    String protocol = port.path("protocol").asText("TCP").toLowerCase(Locale.ROOT);
    String url = protocol + "://" + address + ":" + number;
    String name = port.path("name").asText("").toUpperCase(Locale.ROOT).replace('-', '_');
    if (first) {
      all.put(prefix + "_SERVICE_PORT", number);
      all.put(prefix + "_PORT", url);
    }
    if (!name.isEmpty()) {
      all.put(prefix + "_SERVICE_PORT_" + name, number);
    }
    String each = prefix + "_PORT_" + number + "_" + protocol.toUpperCase(Locale.ROOT);
    all.put(each, url);
    all.put(each + "_PROTO", protocol);
    all.put(each + "_PORT", number);
    all.put(each + "_ADDR", address);
  }

  private Map<String, String> from(JsonNode source) throws Incomplete {
    String prefix = source.path("prefix").asText("");
    boolean secret = source.has("secretRef");
    JsonNode reference = source.path(secret ? "secretRef" : "configMapRef");
    Map<String, String> all = new LinkedHashMap<>();
    Optional<Map<String, byte[]>> data =
        data(secret, reference.path("name").asText(""), optional(reference));
    data.ifPresent(d -> d.forEach((k, v) -> all.put(prefix + k, text(v))));
    return all;
  }

  private Optional<String> valueFrom(JsonNode from, JsonNode container) throws Incomplete {
    if (from.has("fieldRef")) {
      return Optional.of(field(from.path("fieldRef").path("fieldPath").asText("")));
    }
    if (from.has("resourceFieldRef")) {
      return Optional.of(resource(from.path("resourceFieldRef"), container));
    }
    boolean secret = from.has("secretKeyRef");
    JsonNode reference = from.path(secret ? "secretKeyRef" : "configMapKeyRef");
    String name = reference.path("name").asText("");
    String key = reference.path("key").asText("");
    Optional<byte[]> value =
        data(secret, name, optional(reference)).flatMap(d -> Optional.ofNullable(d.get(key)));
    if (value.isEmpty() && !optional(reference)) {
      String kind = secret ? "Secret" : "ConfigMap";
      throw new Incomplete(
          "couldn't find key " + key + " in " + kind + " " + Tree.namespace(pod) + "/" + name);
    }
    return value.map(PodEnvironment::text);
  }

  private static boolean optional(JsonNode reference) {
    return reference.path("optional").asBoolean(false);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** The content of a ConfigMap or Secret; empty when it is absent and may be. */
  Optional<Map<String, byte[]>> data(boolean secret, String name, boolean mayBeAbsent)
      throws Incomplete {
    Optional<ObjectNode> found =
        objects.get(secret ? Kind.SECRET : Kind.CONFIG_MAP, Tree.namespace(pod), name);
    if (found.isEmpty()) {
      if (mayBeAbsent) {
        return Optional.empty();
      }
      throw new Incomplete((secret ? "secret \"" : "configmap \"") + name + "\" not found");
    }
    Map<String, byte[]> all = new LinkedHashMap<>();
    found
        .get()
        .path("data")
        .properties()
        .forEach(e -> all.put(e.getKey(), bytes(secret, e.getValue().asText(""))));
    found
        .get()
        .path("binaryData")
        .properties()
        .forEach(e -> all.put(e.getKey(), bytes(true, e.getValue().asText(""))));
    return Optional.of(all);
  }

  private static byte[] bytes(boolean base64, String value) {
    return base64 ? Base64.getMimeDecoder().decode(value) : value.getBytes(StandardCharsets.UTF_8);
  }

  /** A field of the pod, as the downward API names it. */
  String field(String path) throws Incomplete {
    Matcher keyed = Pattern.compile("metadata\\.(labels|annotations)\\['([^']+)'\\]").matcher(path);
    if (keyed.matches()) {
      return pod.path("metadata").path(keyed.group(1)).path(keyed.group(2)).asText("");
    }
    return switch (path) {
      case "metadata.name" -> Tree.name(pod);
      case "metadata.namespace" -> Tree.namespace(pod);
      case "metadata.uid" -> Tree.uid(pod);
      case "metadata.labels", "metadata.annotations" -> lines(path);
      case "spec.nodeName" -> pod.path("spec").path("nodeName").asText("");
      case "spec.serviceAccountName" ->
          pod.path("spec").path("serviceAccountName").asText("default");
      case "status.hostIP", "status.hostIPs" -> hostAddress;
      case "status.podIP", "status.podIPs" -> podAddress;
      default -> throw new Incomplete("fieldRef " + path + " is not supported");
    };
  }

  private String lines(String path) {
    List<String> lines = new ArrayList<>();
    Tree.texts(pod.path("metadata").path(path.substring("metadata.".length())))
        .forEach((k, v) -> lines.add(k + "=\"" + v.replace("\"", "\\\"") + "\""));
    return String.join("\n", lines);
  }

  private static String resource(JsonNode reference, JsonNode container) throws Incomplete {
    String name = reference.path("resource").asText("");
    int dot = name.indexOf('.');
    String what = name.substring(dot + 1);
    JsonNode value =
        container.path("resources").path(name.substring(0, Math.max(dot, 0))).path(what);
    if (what.equals("cpu")) {
      return Long.toString((Quantity.millis(value.asText("0")) + 999) / 1000);
    }
    if (what.equals("memory")) {
      return Long.toString(Quantity.bytes(value.asText("0")));
    }
    throw new Incomplete("resourceFieldRef " + name + " is not supported");
  }
}
