package dev.esteira.images;

import dev.esteira.base.Digest;
import dev.esteira.base.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An image in the cache, one layer on those of its ground: a layer is a plain tar, so that its
 * digest is also its {@code diff_id}; the digest of the config is the image's id in every engine
 * that loads it.
 */
record MadeImage(
    Blueprint recipe,
    String hash,
    Path layer,
    Digest layerDigest,
    long bytes,
    Instant made,
    Optional<MadeImage> ground) {
  static final String LABEL = "dev.esteira.recipe";

  byte[] config() {
    var config = Json.object().put("architecture", architecture()).put("os", "linux");
    config.put("created", made.toString());
    var defaults = config.putObject("config");
    recipe.defaults().writeTo(defaults);
    defaults.putObject("Labels").put(LABEL, recipe.slug() + "-" + hash);
    var rootfs = config.putObject("rootfs").put("type", "layers");
    var diffs = rootfs.putArray("diff_ids");
    var history = config.putArray("history");
    for (MadeImage image : stack()) {
      diffs.add(image.layerDigest().value());
      history
          .addObject()
          .put("created", image.made().toString())
          .put("created_by", "esteira recipe " + image.recipe().slug() + " " + image.hash());
    }
    return Json.write(config).getBytes(StandardCharsets.UTF_8);
  }

  /** Itself on top of all that it stands on, the lowest first. */
  List<MadeImage> stack() {
    List<MadeImage> stack = new ArrayList<>();
    ground.ifPresent(below -> stack.addAll(below.stack()));
    stack.add(this);
    return stack;
  }

  /** The image's id. */
  Digest id() {
    return Digest.of(config());
  }

  /** An OCI manifest over the plain tar, which every Docker from 20.10 on pulls. */
  byte[] manifest() {
    byte[] config = config();
    var manifest = Json.object().put("schemaVersion", 2).put("mediaType", MANIFEST_TYPE);
    manifest
        .putObject("config")
        .put("mediaType", "application/vnd.oci.image.config.v1+json")
        .put("digest", Digest.of(config).value())
        .put("size", config.length);
    var layers = manifest.putArray("layers");
    for (MadeImage image : stack()) {
      layers
          .addObject()
          .put("mediaType", "application/vnd.oci.image.layer.v1.tar")
          .put("digest", image.layerDigest().value())
          .put("size", image.bytes());
    }
    manifest.putObject("annotations").put(LABEL, recipe.slug() + "-" + hash);
    return Json.write(manifest).getBytes(StandardCharsets.UTF_8);
  }

  static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";

  private static String architecture() {
    return System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
  }
}
