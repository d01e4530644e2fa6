package dev.esteira.images;

import dev.esteira.base.Digest;
import dev.esteira.base.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;

/**
 * An image of one layer in the cache: the layer is a plain tar, so that its digest is also its
 * {@code diff_id}; the digest of the config is the image's id in every engine that loads it.
 */
record MadeImage(
    ImageRecipe recipe, String hash, Path layer, Digest layerDigest, long bytes, Instant made) {
  static final String LABEL = "dev.esteira.recipe";

  byte[] config() {
    var config = Json.object().put("architecture", architecture()).put("os", "linux");
    config.put("created", made.toString());
    var defaults = config.putObject("config");
    var env = defaults.putArray("Env");
    recipe.env().forEach(env::add);
    if (!recipe.entrypoint().isEmpty()) {
      recipe.entrypoint().forEach(defaults.withArray("Entrypoint")::add);
    }
    var command = defaults.putArray("Cmd");
    recipe.command().forEach(command::add);
    defaults.putObject("Labels").put(LABEL, recipe.slug() + "-" + hash);
    config.putObject("rootfs").put("type", "layers").putArray("diff_ids").add(layerDigest.value());
    config
        .putArray("history")
        .addObject()
        .put("created", made.toString())
        .put("created_by", "esteira recipe " + recipe.slug() + " " + hash);
    return Json.write(config).getBytes(StandardCharsets.UTF_8);
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
    manifest
        .putArray("layers")
        .addObject()
        .put("mediaType", "application/vnd.oci.image.layer.v1.tar")
        .put("digest", layerDigest.value())
        .put("size", bytes);
    manifest.putObject("annotations").put(LABEL, recipe.slug() + "-" + hash);
    return Json.write(manifest).getBytes(StandardCharsets.UTF_8);
  }

  static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";

  private static String architecture() {
    return System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
  }
}
