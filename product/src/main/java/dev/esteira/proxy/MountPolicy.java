package dev.esteira.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.esteira.base.Json;
import java.util.Set;

/** Bind mounts and volumes of a container: {@code Binds}, {@code Mounts}, one by one. */
final class MountPolicy {
  private static final int MOUNTS_MAX = 64;
  private static final Set<String> BIND_OPTIONS =
      Set.of(
          "rw",
          "ro",
          "z",
          "Z",
          "private",
          "rprivate",
          "nocopy",
          "consistent",
          "cached",
          "delegated");
  private static final Set<String> PROPAGATIONS = Set.of("", "private", "rprivate");

  private final Sandbox sandbox;

  MountPolicy(Sandbox sandbox) {
    this.sandbox = sandbox;
  }

  /** {@code source:target[:options]}, or {@code target} alone for an anonymous volume. */
  JsonNode binds(JsonNode value) {
    ArrayNode kept = Json.array();
    limit(value);
    for (JsonNode item : value) {
      kept.add(bind(item.asText("")));
    }
    return kept;
  }

  private String bind(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length > 3 || parts[0].isEmpty()) {
      throw EngineError.invalid("invalid volume specification: '" + text + "'");
    }
    if (parts.length == 1) {
      return target(parts[0]);
    }
    String options = parts.length == 3 ? ":" + options(text, parts[2]) : "";
    String source =
        parts[0].startsWith("/") ? sandbox.bind(parts[0], true) : sandbox.volume(parts[0]);
    return source + ":" + target(parts[1]) + options;
  }

  private static String options(String text, String options) {
    for (String option : options.split(",")) {
      if (!BIND_OPTIONS.contains(option)) {
        throw EngineError.refused(
            "the mount option '" + option + "' in '" + text + "' is refused here");
      }
    }
    return options;
  }

  private static String target(String path) {
    if (!path.startsWith("/")) {
      throw EngineError.invalid("invalid mount path: '" + path + "' mount path must be absolute");
    }
    return path;
  }

  JsonNode mounts(JsonNode value) {
    ArrayNode kept = Json.array();
    limit(value);
    for (JsonNode item : value) {
      kept.add(mount(item));
    }
    return kept;
  }

  private ObjectNode mount(JsonNode item) {
    String type = Fields.find(item, "Type").asText("");
    if (!Set.of("bind", "volume", "tmpfs").contains(type)) {
      throw EngineError.refused("a mount of type '" + type + "' is refused here");
    }
    return new Fields("Mounts")
        .keep("Type", "ReadOnly", "Consistency", "TmpfsOptions")
        .rule("Target", v -> TextNode.valueOf(target(v.asText(""))))
        .rule("Source", v -> source(type, v, item))
        .rule("BindOptions", v -> bindOptions(type, v))
        .rule("VolumeOptions", v -> volumeOptions(type, v))
        .apply(item);
  }

  private JsonNode source(String type, JsonNode value, JsonNode mount) {
    String source = value.asText("");
    return switch (type) {
      case "bind" -> {
        boolean create =
            Fields.find(Fields.find(mount, "BindOptions"), "CreateMountpoint").asBoolean(false);
        yield TextNode.valueOf(sandbox.bind(source, create));
      }
      case "volume" ->
          source.isEmpty() ? MissingNode.getInstance() : TextNode.valueOf(sandbox.volume(source));
      default -> MissingNode.getInstance();
    };
  }

  private static JsonNode bindOptions(String type, JsonNode value) {
    if (!type.equals("bind")) {
      return MissingNode.getInstance();
    }
    return new Fields("BindOptions")
        .allow(
            "Propagation",
            v -> PROPAGATIONS.contains(v.asText()),
            "mounts of the host do not spread into containers")
        .keep("NonRecursive")
        .drop("CreateMountpoint", "ReadOnlyNonRecursive", "ReadOnlyForceRecursive")
        .apply(value);
  }

  private static JsonNode volumeOptions(String type, JsonNode value) {
    if (!type.equals("volume")) {
      return MissingNode.getInstance();
    }
    return new Fields("VolumeOptions")
        .keep("NoCopy", "Labels")
        .rule("DriverConfig", MountPolicy::driverConfig)
        .apply(value);
  }

  /** The local driver with options mounts any device or path of the host. */
  static JsonNode driverConfig(JsonNode value) {
    new Fields("DriverConfig")
        .allow("Name", v -> v.asText().equals("local"), "only local volumes exist here")
        .refuse("options of the local driver can mount what is the host's", "Options")
        .apply(value);
    return MissingNode.getInstance();
  }

  private static void limit(JsonNode list) {
    if (!list.isArray() && !list.isNull()) {
      throw EngineError.invalid("mounts must be a list");
    }
    if (list.size() > MOUNTS_MAX) {
      throw EngineError.invalid("more than " + MOUNTS_MAX + " mounts in one container");
    }
  }
}
