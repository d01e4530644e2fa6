package dev.esteira.http;

import java.util.List;

/** Matching of routes; the http owner completes it. */
final class RouteMatch {
  private RouteMatch() {}

  static void dispatch(List<Router.Route> routes, Exchange exchange) throws Exception {
    exchange.text(404, "not found\n");
  }
}
