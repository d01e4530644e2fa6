package dev.esteira.console;

import dev.esteira.http.Exchange;
import dev.esteira.runner.Sites;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The sites of projects, below {@code /pages/PROJECT/}, for everybody who reaches this door. A
 * site's scripts run in an origin of their own (CSP sandbox): they share an address with the
 * console, but may not use what a browser knows for it.
 */
final class SiteDoor {
  static final String BASE = "/pages/";

  private static final String INDEX = "index.html";
  private static final String NOT_FOUND = "404.html";
  private static final Set<String> METHODS = Set.of("GET", "HEAD");
  private static final int PROJECT_PARTS_MAX = 21;
  private static final String BYTES = "application/octet-stream";
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("html", "text/html; charset=utf-8"),
          Map.entry("htm", "text/html; charset=utf-8"),
          Map.entry("css", "text/css; charset=utf-8"),
          Map.entry("js", "text/javascript; charset=utf-8"),
          Map.entry("mjs", "text/javascript; charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("map", "application/json"),
          Map.entry("txt", "text/plain; charset=utf-8"),
          Map.entry("md", "text/markdown; charset=utf-8"),
          Map.entry("xml", "application/xml"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("png", "image/png"),
          Map.entry("jpg", "image/jpeg"),
          Map.entry("jpeg", "image/jpeg"),
          Map.entry("gif", "image/gif"),
          Map.entry("webp", "image/webp"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("woff", "font/woff"),
          Map.entry("woff2", "font/woff2"),
          Map.entry("ttf", "font/ttf"),
          Map.entry("pdf", "application/pdf"),
          Map.entry("wasm", "application/wasm"));

  private final Sites sites;

  SiteDoor(Sites sites) {
    this.sites = sites;
  }

  /** A site, and the path below it. */
  private record Place(Sites.Site site, String path) {}

  void handle(Exchange exchange) throws IOException {
    if (!METHODS.contains(exchange.method())) {
      exchange.text(405, "A site is only read.\n");
      return;
    }
    Optional<Place> found = place(exchange.path().substring(BASE.length()));
    if (found.isEmpty()) {
      exchange.text(404, "There is no such site.\n");
      return;
    }
    Sites.Site site = found.get().site();
    String path = found.get().path();
    boolean bare = exchange.path().endsWith("/" + site.project());
    if (bare || (!path.endsWith("/") && !path.isEmpty() && sites.has(site, path + "/" + INDEX))) {
      exchange.set("Location", exchange.rawPath() + "/");
      exchange.text(302, "");
    } else if (!shown(exchange, site, path)) {
      missing(exchange, site);
    }
  }

  /** The shortest project whose site it can be. */
  private Optional<Place> place(String path) {
    int end = -1;
    for (int parts = 0; parts < PROJECT_PARTS_MAX; parts++) {
      end = path.indexOf('/', end + 1);
      String project = end < 0 ? path : path.substring(0, end);
      Optional<Sites.Site> site = sites.find(project);
      if (site.isPresent()) {
        return Optional.of(new Place(site.get(), end < 0 ? "" : path.substring(end + 1)));
      }
      if (end < 0) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private boolean shown(Exchange exchange, Sites.Site site, String path) {
    if (path.isEmpty() || path.endsWith("/")) {
      return send(exchange, 200, site, path + INDEX);
    }
    return send(exchange, 200, site, path) || send(exchange, 200, site, path + ".html");
  }

  private void missing(Exchange exchange, Sites.Site site) throws IOException {
    if (!send(exchange, 404, site, NOT_FOUND)) {
      exchange.text(404, "This site has no such page.\n");
    }
  }

  private boolean send(Exchange exchange, int status, Sites.Site site, String path) {
    return sites.read(
        site,
        path,
        (bytes, in) -> {
          exchange
              .status(status)
              .set("Content-Type", type(path))
              .set("Cache-Control", "no-cache")
              .set("X-Content-Type-Options", "nosniff")
              .set("Access-Control-Allow-Origin", "*")
              .set(
                  "Content-Security-Policy",
                  "sandbox allow-scripts allow-forms allow-popups allow-downloads allow-modals");
          if (exchange.method().equals("HEAD")) {
            exchange.set("Content-Length", Long.toString(bytes));
            return;
          }
          in.transferTo(exchange.out());
          exchange.out().flush();
        });
  }

  private static String type(String path) {
    String ending = path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return TYPES.getOrDefault(ending, BYTES);
  }
}
