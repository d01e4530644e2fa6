package dev.esteira.http;

import java.util.ArrayList;
import java.util.List;

/**
 * Chooses a handler by method and path. Patterns: {@code /a/{name}/b}, {@code {rest*}} as the last
 * part takes what remains, slashes included. {@code *} as the method takes every method. The first
 * route that fits wins. A path that fits under another method answers 405 with Allow.
 */
public final class Router implements Handler {
  record Route(String method, String pattern, Handler handler) {}

  private final List<Route> routes = new ArrayList<>();

  public Router add(String method, String pattern, Handler handler) {
    routes.add(new Route(method, pattern, handler));
    return this;
  }

  @Override
  public void handle(Exchange exchange) throws Exception {
    RouteMatch.dispatch(List.copyOf(routes), exchange);
  }
}
