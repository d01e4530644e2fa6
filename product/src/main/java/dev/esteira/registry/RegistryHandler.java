package dev.esteira.registry;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.http.Exchange;
import dev.esteira.http.Handler;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * The paths of the distribution API. A repository's name may hold slashes and even the word {@code
 * blobs}, so a path is read from its end.
 */
final class RegistryHandler implements Handler {
  private static final Logger LOG = System.getLogger(RegistryHandler.class.getName());

  private final RegistryAuth auth;
  private final BlobRoutes blobs;
  private final UploadRoutes uploads;
  private final ManifestRoutes manifests;
  private final ListRoutes lists;

  RegistryHandler(Catalog catalog, OwnBlobs blobs, Manifests manifests, RegistryAuth auth) {
    this.auth = auth;
    this.blobs = new BlobRoutes(blobs, auth);
    this.uploads = new UploadRoutes(blobs, auth);
    this.manifests = new ManifestRoutes(manifests, auth);
    this.lists = new ListRoutes(catalog, auth);
  }

  @Override
  public void handle(Exchange exchange) throws Exception {
    exchange.set("Docker-Distribution-Api-Version", "registry/2.0");
    try {
      route(exchange);
    } catch (RegistryError e) {
      answer(exchange, e);
    } catch (EsteiraException e) {
      if (RegistryError.of(e).status() >= 500) {
        LOG.log(Level.WARNING, exchange.method() + " " + exchange.path() + ": " + e.text(), e);
      }
      answer(exchange, RegistryError.of(e));
    }
  }

  private void route(Exchange exchange) throws IOException {
    String path = exchange.path();
    if (path.equals("/token")) {
      auth.token(exchange);
    } else if (path.equals("/v2/") || path.equals("/v2")) {
      auth.requireKnown(exchange);
      exchange.json(200, Json.object());
    } else if (path.equals("/v2/_catalog")) {
      lists.catalog(exchange);
    } else if (path.startsWith("/v2/")) {
      routeRepository(exchange, path.substring("/v2/".length()));
    } else {
      throw nothing(exchange);
    }
  }

  private void routeRepository(Exchange exchange, String path) throws IOException {
    int slash = path.lastIndexOf('/');
    String head = slash < 0 ? "" : path.substring(0, slash);
    String last = path.substring(slash + 1);
    if (head.endsWith("/manifests")) {
      manifests.handle(exchange, before(head, "/manifests"), last);
    } else if (head.endsWith("/blobs/uploads")) {
      uploads.handle(exchange, before(head, "/blobs/uploads"), last);
    } else if (head.endsWith("/blobs") && last.equals("uploads")) {
      uploads.handle(exchange, before(head, "/blobs"), "");
    } else if (head.endsWith("/blobs")) {
      blobs.handle(exchange, before(head, "/blobs"), last);
    } else if (head.endsWith("/tags") && last.equals("list")) {
      lists.tags(exchange, before(head, "/tags"));
    } else if (head.endsWith("/referrers")) {
      lists.referrers(exchange, before(head, "/referrers"), last);
    } else {
      throw nothing(exchange);
    }
  }

  private static String before(String head, String suffix) {
    return ImageNames.name(head.substring(0, head.length() - suffix.length()));
  }

  private static RegistryError nothing(Exchange exchange) {
    return new RegistryError(
        RegistryError.Code.UNSUPPORTED,
        404,
        exchange.method() + " " + exchange.path() + " is not part of the registry's API");
  }

  static RegistryError unsupported(Exchange exchange) {
    return new RegistryError(
        RegistryError.Code.UNSUPPORTED,
        exchange.method() + " is not supported on " + exchange.path());
  }

  private static void answer(Exchange exchange, RegistryError error) throws IOException {
    if (exchange.committed()) {
      throw new IOException("failed after the answer had begun: " + error.text());
    }
    exchange.json(error.status(), error.body());
  }
}
