package dev.esteira.http;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Chooses a handler by method and path. Patterns: {@code /a/{name}/b}, {@code {rest*}} as the last
 * part takes what remains, slashes included. {@code *} as the method takes every method. The first
 * route that fits wins. A path that fits under another method answers 405 with Allow; HEAD without
 * a route of its own takes that of GET, whose body is then not sent.
 */
public final class Router implements Handler {
  record Route(String method, RouteMatch match, Handler handler) {}

  private final List<Route> routes = new CopyOnWriteArrayList<>();

  public Router add(String method, String pattern, Handler handler) {
    routes.add(new Route(method, new RouteMatch(pattern), handler));
    return this;
  }

  @Override
  public void handle(Exchange exchange) throws Exception {
    RouteMatch.dispatch(routes, exchange);
  }
}
