package dev.esteira.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Removes what an owner leaves behind: containers, networks, volumes, names of images. The images
 * themselves stay as the layer cache of those who come after, the newest of them.
 */
final class Cleanup {
  private static final Logger LOG = Logger.getLogger(Cleanup.class.getName());
  private static final int CACHED_MAX = 64;

  private final Scope scope;
  private final ContainerCalls containers;

  Cleanup(Scope scope, ContainerCalls containers) {
    this.scope = scope;
    this.containers = containers;
  }

  void run() {
    containers.removeAll();
    for (JsonNode network : new OwnedNetworks(scope).all()) {
      attempt("/networks/" + network.path("Id").asText());
    }
    for (JsonNode volume : scope.engine().get("/volumes").path("Volumes")) {
      String name = volume.path("Name").asText();
      if (scope.names().ownsNamed(name)) {
        attempt("/volumes/" + name + "?force=1");
      }
    }
    images();
  }

  private void images() {
    String cache = cacheRepository();
    List<JsonNode> cached = new ArrayList<>();
    for (JsonNode image : scope.engine().get("/images/json")) {
      boolean isOwn = false;
      for (JsonNode tag : image.path("RepoTags")) {
        String name = tag.asText();
        boolean own = scope.names().isMark(name) || scope.names().shownImage(name).isPresent();
        if (own && !isOwn) {
          isOwn = true;
          String id = image.path("Id").asText();
          scope.engine().tag(id, cache, NameTranslation.hex(id));
        }
        if (own) {
          attempt("/images/" + name + "?noprune=1");
        }
      }
      if (isOwn || isCached(image, cache)) {
        cached.add(image);
      }
    }
    cached.sort((a, b) -> Long.compare(b.path("Created").asLong(), a.path("Created").asLong()));
    cached.stream()
        .skip(CACHED_MAX)
        .map(image -> NameTranslation.hex(image.path("Id").asText()))
        .forEach(hex -> attempt("/images/" + cache + ":" + hex));
  }

  private static boolean isCached(JsonNode image, String cache) {
    return image.path("RepoTags").valueStream().anyMatch(t -> t.asText().startsWith(cache + ":"));
  }

  /** {@code est-HOME-cache}: keeps layers of owners that are gone. */
  private String cacheRepository() {
    String prefix = scope.names().prefix();
    return prefix.substring(0, prefix.length() - scope.key().length()) + "cache";
  }

  private void attempt(String path) {
    try {
      scope.engine().delete(path);
    } catch (EngineError e) {
      LOG.log(Level.INFO, () -> "could not remove " + path + ": " + e.text());
    }
  }
}
