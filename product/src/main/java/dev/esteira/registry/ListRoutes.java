package dev.esteira.registry;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Digest;
import dev.esteira.base.Json;
import dev.esteira.http.Exchange;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Lists: tags of a repository, repositories, and what refers to a manifest. */
final class ListRoutes {
  private static final int PAGE_MAX = 10_000;

  private final Catalog catalog;
  private final RegistryAuth auth;

  ListRoutes(Catalog catalog, RegistryAuth auth) {
    this.catalog = catalog;
    this.auth = auth;
  }

  void catalog(Exchange exchange) throws IOException {
    requireGet(exchange);
    auth.require(exchange, "registry", "catalog", "*");
    List<String> names = catalog.names(exchange.query("last").orElse(""));
    ArrayNode page = page(exchange, "/v2/_catalog", names);
    exchange.json(200, Json.object().set("repositories", page));
  }

  void tags(Exchange exchange, String name) throws IOException {
    requireGet(exchange);
    auth.require(exchange, "repository", name, "pull");
    SortedMap<String, Catalog.Tag> tags =
        catalog
            .tags(name)
            .orElseThrow(() ->
                new RegistryError(
                    RegistryError.Code.NAME_UNKNOWN, "there is no repository '" + name + "'"));
    String last = exchange.query("last").orElse("");
    List<String> rest = tags.keySet().stream().filter(tag -> tag.compareTo(last) > 0).toList();
    ObjectNode answer = Json.object().put("name", name);
    exchange.json(200, answer.set("tags", page(exchange, "/v2/" + name + "/tags/list", rest)));
  }

  private static ArrayNode page(Exchange exchange, String path, List<String> rest) {
    int count = Math.min(count(exchange), PAGE_MAX);
    ArrayNode page = Json.array();
    rest.stream().limit(count).forEach(page::add);
    if (rest.size() > count && count > 0) {
      String last = URLEncoder.encode(rest.get(count - 1), StandardCharsets.UTF_8);
      exchange.set("Link", "<" + path + "?n=" + count + "&last=" + last + ">; rel=\"next\"");
    }
    return page;
  }

  private static int count(Exchange exchange) {
    Optional<String> n = exchange.query("n");
    if (n.isEmpty()) {
      return PAGE_MAX;
    }
    if (!n.get().matches("\\d{1,9}")) {
      throw new RegistryError(
          RegistryError.Code.PAGINATION_NUMBER_INVALID,
          "n is '" + n.get() + "', but must be a whole number");
    }
    return Integer.parseInt(n.get());
  }

  void referrers(Exchange exchange, String name, String reference) throws IOException {
    requireGet(exchange);
    auth.require(exchange, "repository", name, "pull");
    Optional<Digest> subject = Optional.of(ImageNames.digest(reference));
    Optional<String> type = exchange.query("artifactType");
    ArrayNode found = Json.array();
    for (Catalog.Kept kept : catalog.manifests(name)) {
      ManifestDocument document = kept.document();
      boolean fits = type.isEmpty() || type.equals(document.artifactType());
      if (document.subject().equals(subject) && fits && found.size() < PAGE_MAX) {
        found.add(descriptor(kept));
      }
    }
    if (type.isPresent()) {
      exchange.set("OCI-Filters-Applied", "artifactType");
    }
    ObjectNode index = Json.object().put("schemaVersion", 2);
    index.put("mediaType", ManifestDocument.OCI_INDEX).set("manifests", found);
    byte[] body = Json.write(index).getBytes(StandardCharsets.UTF_8);
    exchange.send(200, ManifestDocument.OCI_INDEX, body);
  }

  private static ObjectNode descriptor(Catalog.Kept kept) {
    ManifestDocument document = kept.document();
    ObjectNode descriptor =
        Json.object()
            .put("mediaType", document.mediaType())
            .put("digest", kept.digest().value())
            .put("size", kept.bytes());
    document.artifactType().ifPresent(type -> descriptor.put("artifactType", type));
    if (!document.annotations().isEmpty()) {
      descriptor.set("annotations", Json.mapper().valueToTree(document.annotations()));
    }
    return descriptor;
  }

  private static void requireGet(Exchange exchange) {
    if (!exchange.method().equals("GET") && !exchange.method().equals("HEAD")) {
      throw RegistryHandler.unsupported(exchange);
    }
  }
}
