package dev.esteira.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Digest;
import dev.esteira.base.Json;
import dev.esteira.engine.ImageName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Pushes an image of the engine into our own registry without HTTP and without gzip. Layers are
 * kept as plain tars: then a layer's digest is the diff id that the engine knows already, so layers
 * that the registry has are not even read. Every Docker since 1.10 pulls such an image.
 *
 * <p>Follows the OCI image spec: an image manifest with {@code
 * application/vnd.oci.image.layer.v1.tar} layers.
 */
final class FastPush {
  static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
  private static final String CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";
  private static final String LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar";

  /** What a push left in the registry. */
  record Pushed(Digest digest, int sizeBytes) {}

  private final Scope scope;
  private final LayerSource source;

  FastPush(Scope scope, LayerSource source) {
    this.scope = scope;
    this.source = source;
  }

  /** Puts the image under a tag. Progress is told layer by layer. */
  Pushed push(OwnedImages.Found image, String repository, ImageName name, Progress progress)
      throws IOException {
    List<Digest> diffIds = new ArrayList<>();
    image
        .inspected()
        .path("RootFS")
        .path("Layers")
        .forEach(layer -> diffIds.add(new Digest(layer.asText())));
    for (Digest diffId : diffIds.reversed()) {
      progress.status(shortId(diffId), "Preparing");
    }
    ArrayNode layers = Json.array();
    for (int i = 0; i < diffIds.size(); i++) {
      Digest diffId = diffIds.get(i);
      long size = layer(image.id(), diffIds.subList(0, i + 1), progress);
      layers.add(descriptor(LAYER_TYPE, diffId, size));
    }
    byte[] config = source.config(image.id());
    Digest id = new Digest(image.id());
    if (!scope.registry().hasBlob(id)) {
      scope.registry().putBlob(id, new java.io.ByteArrayInputStream(config));
    }
    ObjectNode manifest = Json.object().put("schemaVersion", 2).put("mediaType", MANIFEST_TYPE);
    manifest.set("config", descriptor(CONFIG_TYPE, id, config.length));
    manifest.set("layers", layers);
    byte[] bytes = Json.write(manifest).getBytes(StandardCharsets.UTF_8);
    Digest digest =
        scope
            .registry()
            .putManifest(repository, Optional.of(name.reference()), MANIFEST_TYPE, bytes, owner());
    scope.notes().addDigest(scope.key(), image.id(), name.familiarRepository(), digest.value());
    return new Pushed(digest, bytes.length);
  }

  private String owner() {
    return scope.owner().owner();
  }

  /** Makes sure that the registry has the uppermost of these layers; returns its size. */
  private long layer(String imageId, List<Digest> diffIds, Progress progress) throws IOException {
    Digest diffId = diffIds.getLast();
    if (scope.registry().hasBlob(diffId)) {
      progress.status(shortId(diffId), "Layer already exists");
      Optional<Long> known = scope.notes().layerSize(diffId);
      if (known.isPresent()) {
        return known.get();
      }
      try (InputStream in = scope.registry().openBlob(diffId)) {
        return noted(diffId, in.transferTo(java.io.OutputStream.nullOutputStream()));
      }
    }
    try (CountingStream in = new CountingStream(source.layer(imageId, diffIds))) {
      scope.registry().putBlob(diffId, in);
      progress.status(shortId(diffId), "Pushed");
      return noted(diffId, in.count());
    }
  }

  private long noted(Digest diffId, long size) {
    scope.notes().setLayerSize(diffId, size);
    return size;
  }

  private static String shortId(Digest digest) {
    return digest.hex().substring(0, 12);
  }

  private static JsonNode descriptor(String mediaType, Digest digest, long size) {
    return Json.object()
        .put("mediaType", mediaType)
        .put("digest", digest.value())
        .put("size", size);
  }
}
