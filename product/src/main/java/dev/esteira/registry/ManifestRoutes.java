package dev.esteira.registry;

import dev.esteira.access.Access.Principal;
import dev.esteira.base.Digest;
import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.http.Exchange;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/** {@code /v2/NAME/manifests/REFERENCE}: GET, HEAD, PUT, DELETE by tag or digest. */
final class ManifestRoutes {
  private final Manifests manifests;
  private final RegistryAuth auth;

  ManifestRoutes(Manifests manifests, RegistryAuth auth) {
    this.manifests = manifests;
    this.auth = auth;
  }

  void handle(Exchange exchange, String name, String reference) throws IOException {
    switch (exchange.method()) {
      case "HEAD" -> send(exchange, name, reference, false);
      case "GET" -> send(exchange, name, reference, true);
      case "PUT" -> put(exchange, name, reference);
      case "DELETE" -> delete(exchange, name, reference);
      default -> throw RegistryHandler.unsupported(exchange);
    }
  }

  private void send(Exchange exchange, String name, String reference, boolean body)
      throws IOException {
    auth.require(exchange, "repository", name, "pull");
    Catalog.Kept kept = manifests.find(name, reference).orElseThrow(() -> unknown(name, reference));
    exchange
        .status(200)
        .set("Content-Type", kept.document().mediaType())
        .set("Content-Length", Long.toString(kept.bytes()))
        .set("Docker-Content-Digest", kept.digest().value())
        .set("ETag", "\"" + kept.digest() + "\"");
    byte[] bytes = body ? manifests.bytes(kept.digest()) : new byte[0];
    try (OutputStream out = exchange.out()) {
      out.write(bytes);
    }
  }

  private void put(Exchange exchange, String name, String reference) throws IOException {
    Principal by = auth.require(exchange, "repository", name, "push");
    byte[] bytes = body(exchange);
    boolean byDigest = ImageNames.isDigest(reference);
    if (byDigest && !ImageNames.digest(reference).equals(Digest.of(bytes))) {
      throw new RegistryError(
          RegistryError.Code.DIGEST_INVALID,
          "the manifest's digest is " + Digest.of(bytes) + ", not " + reference);
    }
    Optional<String> tag = byDigest ? Optional.empty() : Optional.of(ImageNames.tag(reference));
    ManifestDocument document =
        ManifestDocument.parse(exchange.header("Content-Type").orElse(""), bytes);
    Digest digest = manifests.put(name, tag, document, bytes, by.name());
    exchange
        .set("Location", "/v2/" + name + "/manifests/" + digest)
        .set("Docker-Content-Digest", digest.value());
    document.subject().ifPresent(subject -> exchange.set("OCI-Subject", subject.value()));
    exchange.send(201, "text/plain", new byte[0]);
  }

  private static byte[] body(Exchange exchange) {
    try {
      return exchange.body(ManifestDocument.BYTES_MAX);
    } catch (EsteiraException e) {
      if (e.code() == ErrorCode.LIMIT) {
        throw new RegistryError(
            RegistryError.Code.MANIFEST_INVALID,
            413,
            "a manifest has at most " + ManifestDocument.BYTES_MAX + " bytes");
      }
      throw e;
    }
  }

  private void delete(Exchange exchange, String name, String reference) throws IOException {
    auth.require(exchange, "repository", name, "delete");
    if (!manifests.delete(name, reference)) {
      throw unknown(name, reference);
    }
    exchange.send(202, "text/plain", new byte[0]);
  }

  private static RegistryError unknown(String name, String reference) {
    return new RegistryError(
        RegistryError.Code.MANIFEST_UNKNOWN,
        "there is no manifest '" + reference + "' in repository '" + name + "'");
  }
}
