package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which digests a template's images stand for. All pods of a ReplicaSet run the same image, even
 * when its tag moves while one of them is replaced.
 */
final class ImagePins {
  /** On pod templates, ReplicaSets and pods: JSON, from image names as written to digests. */
  static final String ANNOTATION = "esteira.dev/image-digests";

  private final ImageSource images;
  private final TagFollower tags;

  ImagePins(ImageSource images, TagFollower tags) {
    this.images = images;
    this.tags = tags;
  }

  /**
   * The digests for a new ReplicaSet of this template; empty when none are known, or the Deployment
   * does not follow tags.
   *
   * <p>A digest in the template that the newest ReplicaSet does not have yet was put there by a
   * moved tag or an undo: it holds. Otherwise the user changed something else (a restart, a
   * variable), and gets what the tag means now, unless a running job still has to say.
   */
  Optional<String> pin(ObjectNode deployment, JsonNode template) {
    if (!tags.follows(deployment)) {
      return Optional.empty();
    }
    Map<String, String> given = read(Tree.annotation(template, ANNOTATION));
    Map<String, String> before = tags.newestTemplateDigests(deployment);
    Map<String, String> effective = tags.effective(deployment);
    TreeMap<String, String> all = new TreeMap<>();
    for (String image : images(template)) {
      Optional<String> said =
          Optional.ofNullable(given.get(image)).filter(d -> !d.equals(before.get(image)));
      boolean held = images.houseTag(image).filter(tags::isHeld).isPresent();
      Optional<String> digest =
          said.or(() ->
              held
                  ? Optional.ofNullable(effective.get(image)).or(() -> images.currentDigest(image))
                  : images.currentDigest(image).or(() -> Optional.ofNullable(given.get(image))));
      digest.ifPresent(d -> all.put(image, d));
    }
    return all.isEmpty() ? Optional.empty() : Optional.of(Json.write(all));
  }

  static Set<String> images(JsonNode template) {
    Set<String> found = new LinkedHashSet<>();
    for (String list : List.of("initContainers", "containers")) {
      for (JsonNode container : template.path("spec").path(list)) {
        found.add(container.path("image").asText(""));
      }
    }
    return found;
  }

  /** What an annotation says; one that cannot be read says nothing. */
  static Map<String, String> read(String annotation) {
    if (annotation.isEmpty()) {
      return Map.of();
    }
    try {
      return Json.parse(annotation) instanceof ObjectNode map ? Tree.texts(map) : Map.of();
    } catch (dev.esteira.base.EsteiraException e) {
      return Map.of();
    }
  }
}
