package dev.esteira.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A compiled pattern. Paths are split as they were sent and each part is decoded by itself, so that
 * an encoded slash stays inside its part; empty parts between slashes do not count.
 */
final class RouteMatch {
  private final List<String> parts;

  RouteMatch(String pattern) {
    this.parts = split(pattern);
    for (String part : parts.subList(0, Math.max(0, parts.size() - 1))) {
      if (isRest(part)) {
        throw new IllegalArgumentException("'" + part + "' must be the last part of " + pattern);
      }
    }
  }

  static void dispatch(List<Router.Route> routes, Exchange exchange) throws Exception {
    List<String> path = split(exchange.rawPath());
    TreeSet<String> allowed = new TreeSet<>();
    Router.Route forHead = null;
    for (Router.Route route : routes) {
      Optional<Map<String, String>> parameters = route.match().parameters(path);
      if (parameters.isPresent()) {
        if (route.method().equals("*") || route.method().equals(exchange.method())) {
          route.handler().handle(new RoutedExchange(exchange, parameters.get()));
          return;
        }
        if (forHead == null && route.method().equals("GET")) {
          forHead = route;
        }
        allowed.add(route.method());
      }
    }
    if (forHead != null && exchange.method().equals("HEAD")) {
      Map<String, String> parameters = forHead.match().parameters(path).orElse(Map.of());
      forHead.handler().handle(new RoutedExchange(exchange, parameters));
    } else if (allowed.isEmpty()) {
      exchange.text(404, "not found\n");
    } else {
      exchange.set("Allow", String.join(", ", allowed));
      exchange.text(405, exchange.method() + " is not allowed here\n");
    }
  }

  /** What the pattern's names mean in this path, or nothing when it does not fit. */
  Optional<Map<String, String>> parameters(List<String> path) {
    Map<String, String> found = new HashMap<>();
    for (int i = 0; i < parts.size(); i++) {
      String part = parts.get(i);
      if (isRest(part)) {
        String rest = i < path.size() ? String.join("/", path.subList(i, path.size())) : "";
        found.put(part.substring(1, part.length() - 2), Percent.decode(rest, false));
        return Optional.of(found);
      }
      if (i >= path.size()) {
        return Optional.empty();
      }
      String given = Percent.decode(path.get(i), false);
      if (part.startsWith("{") && !given.isEmpty()) {
        found.put(part.substring(1, part.length() - 1), given);
      } else if (!part.equals(given)) {
        return Optional.empty();
      }
    }
    return path.size() == parts.size() ? Optional.of(found) : Optional.empty();
  }

  private static boolean isRest(String part) {
    return part.startsWith("{") && part.endsWith("*}");
  }

  private static List<String> split(String path) {
    String[] raw = path.split("/", -1);
    List<String> parts = new ArrayList<>(raw.length);
    for (int i = 1; i < raw.length; i++) {
      if (!raw[i].isEmpty() || i == raw.length - 1) {
        parts.add(raw[i]);
      }
    }
    return List.copyOf(parts);
  }
}
