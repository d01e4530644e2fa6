package dev.esteira.cluster.control;

import dev.esteira.base.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Images by name, each an id of the engine; the digest follows from the id. */
final class TestingImages implements ImageSource {
  private final Map<String, String> tags = new ConcurrentHashMap<>();
  private final Map<String, String> digests = new ConcurrentHashMap<>();

  /** Points the tag at an image of the engine; returns its digest. */
  String tag(String image, String id) {
    String digest = Digest.of(id.getBytes(StandardCharsets.UTF_8)).value();
    digests.put(digest, id);
    tags.put(image, digest);
    return digest;
  }

  @Override
  public Present ensure(Wanted wanted) throws Missing {
    if (wanted.image().contains("!")) {
      throw new Missing("InvalidImageName", "invalid reference format", false);
    }
    String digest = wanted.digest().orElse(tags.getOrDefault(wanted.image(), ""));
    String id = digests.get(digest);
    if (id == null) {
      throw new Missing("ErrImagePull", "manifest unknown", true);
    }
    return new Present(id, digest, wanted.image() + "@" + digest, false);
  }

  @Override
  public Optional<String> currentDigest(String image) {
    return Optional.ofNullable(tags.get(image));
  }

  @Override
  public Optional<String> houseTag(String image) {
    return Optional.of(image.contains(":") ? image : image + ":latest");
  }
}
