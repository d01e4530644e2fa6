package dev.esteira.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is refused in ConfigMaps and Secrets. */
final class ConfigRules {
  private static final int BYTES_MAX = 1024 * 1024;

  private ConfigRules() {}

  static void configMap(ObjectNode map, Optional<ObjectNode> old, Violations out) {
    keys(map, "data", out);
    keys(map, "binaryData", out);
    for (String key :
        map.path("binaryData").properties().stream().map(Map.Entry::getKey).toList()) {
      if (map.path("data").has(key)) {
        out.invalid("data[" + key + "]", key, "duplicate of key present in binaryData");
      }
    }
    size(map, List.of("data", "binaryData"), out);
    old.ifPresent(o -> immutable(map, o, List.of("data", "binaryData"), out));
  }

  static void secret(ObjectNode secret, Optional<ObjectNode> old, Violations out) {
    keys(secret, "data", out);
    size(secret, List.of("data"), out);
    for (Map.Entry<String, JsonNode> entry : secret.path("data").properties()) {
      try {
        Base64.getDecoder().decode(entry.getValue().asText());
      } catch (IllegalArgumentException e) {
        throw ApiException.badRequest(
            "Secret in version \"v1\" cannot be handled as a Secret: illegal base64 data in"
                + " data."
                + entry.getKey());
      }
    }
    String type = Trees.text(secret, "type");
    for (String key : requiredKeys(type)) {
      if (!secret.path("data").has(key)) {
        out.required("data[" + key + "]");
      }
    }
    old.ifPresent(o -> {
      if (!Trees.text(o, "type").equals(type)) {
        out.invalid("type", type, "field is immutable");
      }
      immutable(secret, o, List.of("data"), out);
    });
  }

  private static List<String> requiredKeys(String type) {
    return switch (type) {
      case "kubernetes.io/dockerconfigjson" -> List.of(".dockerconfigjson");
      case "kubernetes.io/dockercfg" -> List.of(".dockercfg");
      case "kubernetes.io/tls" -> List.of("tls.crt", "tls.key");
      case "kubernetes.io/ssh-auth" -> List.of("ssh-privatekey");
      default -> List.of();
    };
  }

  private static void keys(ObjectNode object, String field, Violations out) {
    for (Map.Entry<String, JsonNode> entry : object.path(field).properties()) {
      String key = entry.getKey();
      boolean dots = key.equals(".") || key.startsWith("..");
      if (dots || key.length() > 253 || !key.matches("[-._a-zA-Z0-9]+")) {
        out.invalid(
            field + "[" + key + "]",
            key,
            "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g."
                + " 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is"
                + " '[-._a-zA-Z0-9]+')");
      }
    }
  }

  private static void size(ObjectNode object, List<String> fields, Violations out) {
    long bytes = 0;
    for (String field : fields) {
      for (Map.Entry<String, JsonNode> entry : object.path(field).properties()) {
        bytes += entry.getValue().asText().length();
      }
    }
    if (bytes > BYTES_MAX) {
      out.tooLong("data", BYTES_MAX);
    }
  }

  private static void immutable(
      ObjectNode object, ObjectNode old, List<String> fields, Violations out) {
    if (!old.path("immutable").asBoolean()) {
      return;
    }
    String why = "field is immutable when `immutable` is set";
    if (!object.path("immutable").asBoolean()) {
      out.forbidden("immutable", why);
    }
    for (String field : fields) {
      if (!object.path(field).equals(old.path(field))) {
        out.forbidden(field, why);
      }
    }
  }
}
