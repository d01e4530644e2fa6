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

  ImagePins(ImageSource images) {
    this.images = images;
  }

  /** The template's own digests, completed by what the registry says now; empty when none. */
  Optional<String> pin(JsonNode template) {
    Map<String, String> given = read(Tree.annotation(template, ANNOTATION));
    TreeMap<String, String> all = new TreeMap<>();
    for (String image : images(template)) {
      Optional<String> digest =
          Optional.ofNullable(given.get(image)).or(() -> images.currentDigest(image));
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
