package dev.esteira.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.engine.ImageName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The owner's images: those that carry one of its names or its mark. The mark is a tag of its own
 * that the owner never sees; it keeps an image that lost its last name from being anybody's.
 */
final class OwnedImages {
  private static final Pattern ID = Pattern.compile("(sha256:)?[0-9a-f]{1,64}");
  private static final int ID_HEX = 64;

  /**
   * One of the owner's images.
   *
   * @param reference what to call it towards the engine
   * @param inspected as the engine inspects it
   * @param named whether it was found by a name, not by id
   */
  record Found(String reference, JsonNode inspected, boolean named) {
    String id() {
      return inspected.path("Id").asText();
    }
  }

  private final Scope scope;

  OwnedImages(Scope scope) {
    this.scope = scope;
  }

  Found get(String reference) {
    return find(reference)
        .orElseThrow(() -> EngineError.notFound("No such image: " + withTag(reference)));
  }

  /** By name, by name and digest, by id or the beginning of one. */
  Optional<Found> find(String reference) {
    Optional<ImageName> name = name(reference);
    if (name.isPresent()) {
      Optional<Found> found =
          name.get().digest().isPresent()
              ? byDigest(name.get())
              : inspect(scope.names().image(name.get()), true);
      if (found.isPresent()) {
        return found;
      }
    }
    return ID.matcher(reference).matches()
        ? byId(NameTranslation.hex(reference))
        : Optional.empty();
  }

  private static Optional<ImageName> name(String reference) {
    try {
      return reference.startsWith("sha256:")
          ? Optional.empty()
          : Optional.of(ImageName.parse(reference));
    } catch (EsteiraException e) {
      if (ID.matcher(reference).matches()) {
        return Optional.empty();
      }
      throw EngineError.invalid("invalid reference format: " + e.text());
    }
  }

  private Optional<Found> byId(String hex) {
    if (hex.length() == ID_HEX) {
      return inspect(scope.names().mark(hex), false).map(f -> asId(f));
    }
    List<String> ids = new ArrayList<>();
    for (JsonNode image : all()) {
      String id = image.path("Id").asText();
      if (NameTranslation.hex(id).startsWith(hex)) {
        ids.add(id);
      }
    }
    return ids.size() == 1 ? inspect(ids.getFirst(), false) : Optional.empty();
  }

  private static Found asId(Found marked) {
    return new Found(marked.id(), marked.inspected(), false);
  }

  private Optional<Found> byDigest(ImageName name) {
    String wanted = name.familiarRepository() + "@" + name.digest().orElse("");
    for (JsonNode image : all()) {
      String id = image.path("Id").asText();
      if (digests(id, image).contains(wanted)) {
        return inspect(id, false);
      }
    }
    return Optional.empty();
  }

  private Optional<Found> inspect(String engineReference, boolean named) {
    return scope
        .engine()
        .find("/images/" + engineReference + "/json")
        .map(image -> new Found(engineReference, image, named));
  }

  /** All of the owner's, as the engine lists them. */
  List<JsonNode> all() {
    List<JsonNode> own = new ArrayList<>();
    for (JsonNode image : scope.engine().get("/images/json")) {
      if (isOwn(image)) {
        own.add(image);
      }
    }
    return own;
  }

  boolean isOwn(JsonNode image) {
    for (JsonNode tag : image.path("RepoTags")) {
      if (scope.names().isMark(tag.asText())
          || scope.names().shownImage(tag.asText()).isPresent()) {
        return true;
      }
    }
    return false;
  }

  /** The owner's names of an image, as the owner writes them. */
  List<String> shownTags(JsonNode image) {
    List<String> tags = new ArrayList<>();
    for (JsonNode tag : image.path("RepoTags")) {
      scope.names().shownImage(tag.asText()).ifPresent(tags::add);
    }
    return tags;
  }

  /** Digests that registries know it by: from our own pushes and pulls, and from upstreams. */
  List<String> digests(String id, JsonNode image) {
    List<String> digests = new ArrayList<>(scope.notes().digests(scope.key(), id));
    for (JsonNode digest : image.path("RepoDigests")) {
      if (!digest.asText().startsWith("<none>") && !digest.asText().startsWith("est-")) {
        digests.add(digest.asText());
      }
    }
    return digests;
  }

  /** Makes an image of the engine the owner's, under a name if there is one. */
  void adopt(String engineReference, String id, Optional<ImageName> name) {
    name.ifPresent(n ->
        scope
            .engine()
            .tag(
                engineReference,
                scope.names().imageRepository(n),
                n.tag().orElse(ImageName.LATEST)));
    scope.engine().tag(engineReference, scope.names().markRepository(), NameTranslation.hex(id));
  }

  /** An image as its owner sees it. */
  ObjectNode shown(JsonNode image) {
    ObjectNode shown = (ObjectNode) scope.names().outward(image);
    ArrayNode tags = Json.array();
    shownTags(image).forEach(tags::add);
    ArrayNode digests = Json.array();
    digests(image.path("Id").asText(), image).forEach(digests::add);
    shown.set("RepoTags", tags);
    shown.set("RepoDigests", digests);
    return shown;
  }

  private static String withTag(String reference) {
    boolean isTagged = reference.lastIndexOf(':') > reference.lastIndexOf('/');
    return isTagged || reference.contains("@") ? reference : reference + ":latest";
  }
}
