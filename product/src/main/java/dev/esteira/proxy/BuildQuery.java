package dev.esteira.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a build may ask, from the query of {@code /build}: an allow-list. Network, limits and
 * control group are ours.
 */
final class BuildQuery {
  private static final List<String> KEPT =
      List.of(
          "q", "nocache", "rm", "forcerm", "buildargs", "labels", "target", "shmsize", "ulimits");
  private static final Pattern HOST_ENTRY =
      Pattern.compile("[a-zA-Z0-9_.-]+[:=]\\[?[0-9a-fA-F.:]+]?");
  private static final Set<String> NETWORKS = Set.of("", "default", "bridge");

  private final Call call;

  BuildQuery(Call call) {
    this.call = call;
    refuseOthers();
  }

  private void refuseOthers() {
    if (call.query("version").orElse("1").equals("2")) {
      throw SystemCalls.noBuildKit();
    }
    if (call.query("remote").isPresent()) {
      throw EngineError.invalid(
          "building from a URL is not supported: check the sources out and build the directory");
    }
    if (call.flag("squash")) {
      throw EngineError.invalid("--squash is not supported");
    }
    if (call.query("outputs").isPresent()) {
      throw EngineError.invalid("--output needs BuildKit, which is not supported");
    }
    String network = call.query("networkmode").orElse("");
    if (!NETWORKS.contains(network) && !network.equals("none")) {
      throw EngineError.refused("the build network '" + network + "' is refused here");
    }
    for (String option : call.queries("securityopt")) {
      throw EngineError.refused("the security option '" + option + "' is refused in builds");
    }
    DockerfileFrom.checkPlatform(call.query("platform").orElse(""));
  }

  String dockerfile() {
    return call.query("dockerfile").orElse("Dockerfile");
  }

  boolean pull() {
    return call.flag("pull");
  }

  /** Whether nothing but the image's id may be said. */
  boolean quiet() {
    return call.flag("q");
  }

  Optional<String> target() {
    return call.query("target");
  }

  /** Build arguments that have a value. */
  Map<String, String> arguments() {
    Map<String, String> arguments = new LinkedHashMap<>();
    JsonNode given = call.query("buildargs").map(Json::parse).orElse(Json.object());
    for (Map.Entry<String, JsonNode> argument : given.properties()) {
      if (!argument.getValue().isNull()) {
        arguments.put(argument.getKey(), argument.getValue().asText());
      }
    }
    return arguments;
  }

  List<String> tags() {
    return call.queries("t").stream().filter(t -> !t.isEmpty()).toList();
  }

  List<String> cacheFrom() {
    List<String> names = new ArrayList<>();
    call.query("cachefrom").map(Json::parse).ifPresent(l -> l.forEach(n -> names.add(n.asText())));
    return names;
  }

  /** {@code NAME:ADDRESS}, one or several. */
  private static String host(String entries) {
    for (String entry : entries.split(",")) {
      if (!HOST_ENTRY.matcher(entry).matches()) {
        throw EngineError.invalid("invalid extra host '" + entry + "': expected NAME:ADDRESS");
      }
    }
    return entries;
  }

  /** The query for the engine. */
  String engineQuery(ContainerRules rules, List<String> tags, List<String> cacheFrom) {
    List<Map.Entry<String, String>> query = new ArrayList<>();
    for (String name : KEPT) {
      call.queries(name).forEach(value -> query.add(Map.entry(name, value)));
    }
    tags.forEach(tag -> query.add(Map.entry("t", tag)));
    if (!cacheFrom.isEmpty()) {
      query.add(Map.entry("cachefrom", Json.write(cacheFrom)));
    }
    call.queries("extrahosts").forEach(host -> query.add(Map.entry("extrahosts", host(host))));
    boolean none = call.query("networkmode").orElse("").equals("none");
    query.add(Map.entry("networkmode", none ? "none" : rules.network()));
    query.add(Map.entry("memory", Long.toString(rules.memoryBytesMax())));
    query.add(Map.entry("memswap", Long.toString(rules.memoryBytesMax())));
    rules.cgroupParent().ifPresent(parent -> query.add(Map.entry("cgroupparent", parent)));
    query.add(Map.entry("dockerfile", BuildContext.DOCKERFILE));
    return EngineCalls.query(query);
  }
}
