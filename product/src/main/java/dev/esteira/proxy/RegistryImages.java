package dev.esteira.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Digest;
import dev.esteira.base.Json;
import dev.esteira.registry.Registry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Brings images of our own registry into the engine, without HTTP and without unpacking what is
 * there: an image's id in the engine <em>is</em> the digest of its config.
 */
final class RegistryImages {
  private static final int CONFIG_BYTES_MAX = 8 << 20;

  /** An image that the engine has: its id and the digest that the registry knows it by. */
  record Loaded(String id, Digest digest, boolean wasThere) {}

  private final Scope scope;

  RegistryImages(Scope scope) {
    this.scope = scope;
  }

  /** Whether the registry has it. */
  boolean has(String repository, String reference) {
    return scope.registry().manifest(repository, reference).isPresent();
  }

  /** Makes sure that the engine has the image; empty when the registry has not. */
  Optional<Loaded> load(String repository, String reference) {
    Optional<Registry.Manifest> named = scope.registry().manifest(repository, reference);
    if (named.isEmpty()) {
      return Optional.empty();
    }
    JsonNode manifest = forThisMachine(named.get());
    String id = manifest.path("config").path("digest").asText();
    scope.loading().lock();
    try {
      boolean isThere = scope.engine().find("/images/" + id + "/json").isPresent();
      if (!isThere) {
        scope.raw().loadImage(archive(manifest, new Digest(id)).open());
        scope.engine().get("/images/" + id + "/json");
      }
      return Optional.of(new Loaded(id, named.get().digest(), isThere));
    } finally {
      scope.loading().unlock();
    }
  }

  /** An index is followed to its entry for this machine. */
  private JsonNode forThisMachine(Registry.Manifest named) {
    JsonNode manifest = Json.parse(named.bytes());
    if (!manifest.has("manifests")) {
      return manifest;
    }
    for (JsonNode entry : manifest.path("manifests")) {
      JsonNode platform = entry.path("platform");
      if (platform.path("os").asText("linux").equals("linux")
          && platform.path("architecture").asText("amd64").equals("amd64")) {
        return scope
            .registry()
            .manifest(named.repository(), entry.path("digest").asText())
            .map(m -> Json.parse(m.bytes()))
            .orElseThrow(
                () -> EngineError.notFound("no manifest of " + named.repository() + " is kept"));
      }
    }
    throw EngineError.notFound(
        "no matching manifest for linux/amd64 in the manifest list entries of "
            + named.repository());
  }

  /** The form that {@code docker load} reads; it unpacks gzip by itself. */
  private TarParts archive(JsonNode manifest, Digest config) {
    TarParts tar = new TarParts();
    ArrayNode layers = Json.array();
    for (JsonNode layer : manifest.path("layers")) {
      Digest digest = new Digest(layer.path("digest").asText());
      if (layer.path("mediaType").asText("").endsWith("zstd")) {
        throw EngineError.invalid("layer " + digest + " is packed by zstd, which is not supported");
      }
      String name = digest.hex() + "/layer.tar";
      if (layers.valueStream().noneMatch(l -> l.asText().equals(name))) {
        tar.add(name, layer.path("size").asLong(), () -> scope.registry().openBlob(digest));
      }
      layers.add(name);
    }
    tar.add(config.hex() + ".json", bytes(config));
    ObjectNode entry = Json.object().put("Config", config.hex() + ".json");
    entry.set("RepoTags", Json.array());
    entry.set("Layers", layers);
    byte[] list = Json.write(Json.array().add(entry)).getBytes(StandardCharsets.UTF_8);
    return tar.add("manifest.json", list);
  }

  private byte[] bytes(Digest digest) {
    try (InputStream in = scope.registry().openBlob(digest)) {
      return in.readNBytes(CONFIG_BYTES_MAX);
    } catch (IOException e) {
      throw new EngineError(500, "could not read blob " + digest + ": " + e.getMessage());
    }
  }
}
