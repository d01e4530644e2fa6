package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.edge.Routing;
import dev.esteira.edge.Routing.Action;
import dev.esteira.edge.Routing.Condition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What an Ingress asks of a balancer: rules, the services behind them, and what it asks that has no
 * effect here. Pure.
 *
 * @param backends by the id of their group
 * @param troubles sentences for the people who wrote it, in a stable order
 */
record IngressPlan(Routing routing, Map<String, Backend> backends, List<String> troubles) {
  /** A port of a service that exists. */
  record Backend(JsonNode service, JsonNode port) {}

  /** One line of the Ingress. */
  private record Line(String host, String path, String type, JsonNode backend) {
    boolean exact() {
      return type.equals("Exact");
    }

    /** Without its last slash, which changes nothing about what a prefix stands for. */
    String stem() {
      return path.endsWith("/") && !exact() ? path.substring(0, path.length() - 1) : path;
    }
  }

  /** Named hosts before patterns before none; then the longer path; then the exact one. */
  private static final Comparator<Line> FIRST =
      Comparator.<Line>comparingInt(l -> l.host().isEmpty() ? 2 : l.host().startsWith("*") ? 1 : 0)
          .thenComparing(Comparator.comparingInt((Line l) -> l.stem().length()).reversed())
          .thenComparingInt(l -> l.exact() ? 0 : 1);

  private static final String OF_NGINX = "nginx.ingress.kubernetes.io/";

  /**
   * Annotations that change which requests come where, or how: without them it is another thing.
   */
  private static final List<String> CHANGING =
      List.of(
          OF_NGINX + "rewrite-target",
          OF_NGINX + "use-regex",
          OF_NGINX + "app-root",
          OF_NGINX + "auth-url",
          OF_NGINX + "auth-type",
          OF_NGINX + "backend-protocol",
          "alb.ingress.kubernetes.io/ssl-redirect",
          "alb.ingress.kubernetes.io/certificate-arn",
          "alb.ingress.kubernetes.io/auth-type",
          "alb.ingress.kubernetes.io/backend-protocol");

  IngressPlan {
    backends = Map.copyOf(backends);
    troubles = List.copyOf(troubles);
  }

  /** {@code services} finds a service of the Ingress's namespace by its name. */
  static IngressPlan of(JsonNode ingress, Function<String, Optional<JsonNode>> services) {
    return new Making(ingress, services).plan();
  }

  private static final class Making {
    private final JsonNode ingress;
    private final Function<String, Optional<JsonNode>> services;
    private final String key;
    private final Map<String, Backend> backends = new LinkedHashMap<>();
    private final TreeSet<String> troubles = new TreeSet<>();

    Making(JsonNode ingress, Function<String, Optional<JsonNode>> services) {
      this.ingress = ingress;
      this.services = services;
      this.key = Tree.key(ingress);
    }

    IngressPlan plan() {
      CHANGING.stream()
          .filter(name -> !Tree.annotation(ingress, name).isEmpty())
          .forEach(name -> troubles.add("the annotation " + name + " has no effect here"));
      List<Routing.Rule> rules = new ArrayList<>();
      lines().stream().sorted(FIRST).forEach(line -> rules.add(rule(line)));
      JsonNode rest = ingress.path("spec").path("defaultBackend");
      Action otherwise =
          rest.isObject()
              ? action(rest)
              : new Action.Fixed(
                  404, "text/plain", "no rule of the ingress " + key + " is for this request\n");
      rules.add(new Routing.Rule(List.of(), otherwise));
      return new IngressPlan(new Routing(rules), backends, List.copyOf(troubles));
    }

    private List<Line> lines() {
      List<Line> lines = new ArrayList<>();
      for (JsonNode rule : ingress.path("spec").path("rules")) {
        String host = rule.path("host").asText("");
        for (JsonNode path : rule.path("http").path("paths")) {
          if (path.path("backend").at("/service/port/name").asText("").equals("use-annotation")) {
            troubles.add(
                "the action %s of an annotation has no effect here"
                    .formatted(path.path("backend").at("/service/name").asText("")));
            continue;
          }
          lines.add(
              new Line(
                  host,
                  path.path("path").asText(""),
                  path.path("pathType").asText(""),
                  path.path("backend")));
        }
      }
      return lines;
    }

    private Routing.Rule rule(Line line) {
      List<Condition> conditions = new ArrayList<>();
      if (!line.host().isEmpty()) {
        conditions.add(new Condition.Host(List.of(line.host())));
      }
      paths(line).ifPresent(patterns -> conditions.add(new Condition.Path(patterns)));
      return new Routing.Rule(conditions, action(line.backend()));
    }

    /** Nothing for a prefix that is that of every path. */
    private Optional<List<String>> paths(Line line) {
      String path = line.path();
      if (line.exact()) {
        return Optional.of(List.of(path));
      }
      if (path.indexOf('*') >= 0) {
        if (line.type().equals("Prefix")) {
          troubles.add(
              "the path %s of type Prefix has a *, which other controllers refuse; here it stands"
                      .formatted(path)
                  + " for any text");
        }
        return Optional.of(List.of(path));
      }
      String stem = line.stem();
      return stem.isEmpty() ? Optional.empty() : Optional.of(List.of(stem, stem + "/*"));
    }

    private Action action(JsonNode backend) {
      String name = backend.at("/service/name").asText("");
      JsonNode asked = backend.at("/service/port");
      String shown = asked.path("name").asText(asked.path("number").asText(""));
      Optional<JsonNode> service = name.isEmpty() ? Optional.empty() : services.apply(name);
      Optional<JsonNode> port = service.flatMap(s -> port(s, asked));
      if (port.isEmpty()) {
        String why =
            name.isEmpty()
                ? "only services can be backends here"
                : service.isEmpty()
                    ? "there is no service " + name
                    : "the service " + name + " has no port " + shown;
        troubles.add(why);
        return new Action.Fixed(503, "text/plain", "ingress " + key + ": " + why + "\n");
      }
      String id =
          ServiceEdges.INGRESSES + key + "/" + name + "/" + port.get().path("port").asText();
      backends.put(id, new Backend(service.orElseThrow(), port.get()));
      return new Action.Forward(List.of(new Routing.Weighted(id, 1)));
    }

    private static Optional<JsonNode> port(JsonNode service, JsonNode asked) {
      String name = asked.path("name").asText("");
      for (JsonNode port : service.path("spec").path("ports")) {
        boolean same =
            name.isEmpty()
                ? port.path("port").asInt() == asked.path("number").asInt()
                : port.path("name").asText("").equals(name);
        if (same) {
          return Optional.of(port);
        }
      }
      return Optional.empty();
    }
  }
}
