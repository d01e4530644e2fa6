package dev.esteira.proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which action answers which call. {@code {a}} takes one part of the path, {@code {a*}} several:
 * image names have slashes. The first route that fits wins.
 */
final class Routes {
  private record Route(String method, Pattern path, Call.Action action) {}

  /** A call's action with the parts that its path named. */
  record Match(Call.Action action, List<String> parts) {}

  private final List<Route> routes = new ArrayList<>();

  Routes add(String method, String pattern, Call.Action action) {
    String regex = pattern.replaceAll("\\{[a-z]+\\*}", "(.+)").replaceAll("\\{[a-z]+}", "([^/]+)");
    routes.add(new Route(method, Pattern.compile(regex), action));
    return this;
  }

  Optional<Match> find(String method, String path) {
    for (Route route : routes) {
      Matcher matcher = route.path().matcher(path);
      if (route.method().equals(method) && matcher.matches()) {
        List<String> parts = new ArrayList<>();
        for (int i = 1; i <= matcher.groupCount(); i++) {
          parts.add(matcher.group(i));
        }
        return Optional.of(new Match(route.action(), parts));
      }
    }
    return Optional.empty();
  }
}
