package dev.esteira.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.engine.ImageName;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An owner's names and the engine's, both ways. Everything that an owner names carries the owner's
 * prefix in the engine: the image {@code current:latest} is {@code est-1a2b-k/current:latest}
 * there, the container {@code web} is {@code est-1a2b-k-web}. So a name is also the proof of
 * ownership, and two owners never meet. Pure.
 *
 * <p>A port in an image's host becomes {@code __PORT}, since the engine allows no colon there.
 */
final class NameTranslation {
  /** Labels that are ours and never shown. */
  static final String LABEL_PREFIX = "dev.esteira.";

  /** The label on every container of an owner. */
  static final String OWNER_LABEL = "dev.esteira.owner";

  private static final Pattern PORT_HOST = Pattern.compile("^([^/]+):([0-9]+)/(.+)$");
  private static final Pattern SHOWN_NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]*");
  private static final int NAME_CHARACTERS_MAX = 128;

  private final String prefix;
  private final String network;
  private final Pattern portHost;

  /**
   * @param prefix {@code est-HOME-KEY}
   * @param network the engine network that stands for the default bridge
   */
  NameTranslation(String prefix, String network) {
    this.prefix = prefix;
    this.network = network;
    this.portHost = Pattern.compile(Pattern.quote(prefix + "/") + "([a-z0-9.-]+)__([0-9]+)(?=/)");
  }

  String prefix() {
    return prefix;
  }

  /** Reads an image name as the client wrote it. */
  static ImageName parse(String text) {
    try {
      return ImageName.parse(text);
    } catch (EsteiraException e) {
      throw EngineError.invalid("invalid reference format: " + e.text());
    }
  }

  /** The engine's name of an owner's image; without a tag, {@code latest}. */
  String image(ImageName name) {
    return imageRepository(name) + ":" + name.tag().orElse(ImageName.LATEST);
  }

  /** The engine's name of an owner's repository. */
  String imageRepository(ImageName name) {
    String familiar = name.familiarRepository();
    Matcher port = PORT_HOST.matcher(familiar);
    String safe =
        port.matches() ? port.group(1) + "__" + port.group(2) + "/" + port.group(3) : familiar;
    return prefix + "/" + safe.toLowerCase(Locale.ROOT);
  }

  /** The tag that keeps an image the owner's own, whatever happens to its names. */
  String mark(String imageId) {
    return markRepository() + ":" + hex(imageId);
  }

  String markRepository() {
    return prefix + "-id";
  }

  static String hex(String imageId) {
    return imageId.startsWith("sha256:") ? imageId.substring("sha256:".length()) : imageId;
  }

  /** The engine's name of an owner's container, network or volume. */
  String named(String name) {
    String bare = name.startsWith("/") ? name.substring(1) : name;
    if (!SHOWN_NAME.matcher(bare).matches() || bare.length() > NAME_CHARACTERS_MAX) {
      throw EngineError.invalid(
          "Invalid name (" + bare + "), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
    }
    return prefix + "-" + bare;
  }

  /** Whether an engine name of a container, network or volume is this owner's. */
  boolean ownsNamed(String engineName) {
    return engineName.startsWith(prefix + "-");
  }

  /** The owner's image name behind an engine name, or empty when it is not the owner's. */
  Optional<String> shownImage(String engineName) {
    return engineName.startsWith(prefix + "/")
        ? Optional.of(outward(engineName))
        : Optional.empty();
  }

  boolean isMark(String engineName) {
    return engineName.startsWith(markRepository() + ":");
  }

  /** Text of the engine (messages, build output) as the owner may read it. */
  String outward(String text) {
    if (!text.contains(prefix)) {
      return text.equals(network) ? "bridge" : text;
    }
    String ports = portHost.matcher(text).replaceAll(prefix + "/$1:$2");
    return ports.replace(prefix + "/", "").replace(prefix + "-", "");
  }

  /** A tree of the engine as the owner may read it: names translated, our own labels left out. */
  JsonNode outward(JsonNode node) {
    return switch (node.getNodeType()) {
      case STRING -> TextNode.valueOf(outward(node.textValue()));
      case ARRAY -> {
        ArrayNode copy = Json.array();
        node.forEach(item -> copy.add(outward(item)));
        yield copy;
      }
      case OBJECT -> {
        ObjectNode copy = Json.object();
        for (Map.Entry<String, JsonNode> field : node.properties()) {
          if (!field.getKey().startsWith(LABEL_PREFIX)) {
            copy.set(outward(field.getKey()), outward(field.getValue()));
          }
        }
        yield copy;
      }
      case BINARY, BOOLEAN, MISSING, NULL, NUMBER, POJO -> node;
    };
  }
}
