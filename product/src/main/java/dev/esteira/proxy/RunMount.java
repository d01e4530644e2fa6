package dev.esteira.proxy;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A {@code --mount} of a {@code RUN} (Dockerfile reference, "RUN --mount").
 *
 * @param kind what is mounted
 * @param target where, if it says so
 * @param source what of it; a bind's whole source when it does not say
 * @param from the stage or image that it is taken from, if not the context
 * @param id the name of a secret, which it may have from its target
 * @param isRequired whether the command may not run without it
 */
record RunMount(
    Kind kind,
    Optional<String> target,
    Optional<String> source,
    Optional<String> from,
    Optional<String> id,
    boolean isRequired) {

  /** The types that there are. */
  enum Kind {
    BIND,
    CACHE,
    TMPFS,
    SECRET,
    SSH
  }

  /** Reads what follows {@code --mount=}. */
  static RunMount of(String text, String where) {
    Map<String, String> values = new HashMap<>();
    for (String part : text.split(",")) {
      int equals = part.indexOf('=');
      values.put(
          equals < 0 ? part : part.substring(0, equals),
          equals < 0 ? "true" : part.substring(equals + 1));
    }
    Kind kind = kind(values.getOrDefault("type", "bind"), where);
    Optional<String> target = first(values, "target", "dst", "destination");
    if (target.isEmpty() && (kind == Kind.BIND || kind == Kind.CACHE || kind == Kind.TMPFS)) {
      throw EngineError.invalid(where + ": --mount=" + text + " names no target");
    }
    return new RunMount(
        kind,
        target,
        first(values, "source", "src"),
        first(values, "from"),
        first(values, "id"),
        values.getOrDefault("required", "false").equals("true"));
  }

  private static Kind kind(String name, String where) {
    return switch (name) {
      case "bind" -> Kind.BIND;
      case "cache" -> Kind.CACHE;
      case "tmpfs" -> Kind.TMPFS;
      case "secret" -> Kind.SECRET;
      case "ssh" -> Kind.SSH;
      default -> throw EngineError.invalid(where + ": unsupported mount type '" + name + "'");
    };
  }

  private static Optional<String> first(Map<String, String> values, String... names) {
    for (String name : names) {
      if (values.containsKey(name)) {
        return Optional.of(values.getOrDefault(name, ""));
      }
    }
    return Optional.empty();
  }

  /** The instruction that brings to its target what would be mounted there. */
  String copy() {
    String origin = from.map(name -> "--from=" + name + " ").orElse("");
    String whole = from.isPresent() ? "/" : ".";
    return "COPY " + origin + source.orElse(whole) + " " + target.orElseThrow();
  }
}
