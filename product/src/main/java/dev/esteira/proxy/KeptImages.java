package dev.esteira.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.engine.ImageName;
import dev.esteira.store.Ledger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Names of images that outlive the owner who gave them, for owners to come. Each place has names of
 * its own, such as those of one run; the oldest places go. Which places there are is in the ledger,
 * what they hold the engine itself knows. Thread-safe.
 */
final class KeptImages {
  private static final Logger LOG = Logger.getLogger(KeptImages.class.getName());
  private static final String KIND = "proxy-kept";
  private static final int PLACES_MAX = 10;
  private static final int IMAGES_MAX = 20;

  private final Ledger ledger;
  private final EngineCalls engine;
  private final String home;

  KeptImages(Ledger ledger, EngineCalls engine, String home) {
    this.ledger = ledger;
    this.engine = engine;
    this.home = home;
  }

  /** Keeps the names of the owner's images, the newest of them, as they are now. */
  void keep(NameTranslation own, String place) {
    List<JsonNode> images = new ArrayList<>();
    engine.get("/images/json").forEach(images::add);
    images.removeIf(image -> shown(own, image).isEmpty());
    if (images.isEmpty()) {
      return;
    }
    ledger.write(tx -> {
      tx.put(KIND, place, "{}");
      return true;
    });
    NameTranslation kept = names(place);
    images.sort(Comparator.comparingLong((JsonNode i) -> i.path("Created").asLong()).reversed());
    for (JsonNode image : images.subList(0, Math.min(IMAGES_MAX, images.size()))) {
      for (String name : shown(own, image)) {
        ImageName written = NameTranslation.parse(name);
        engine.tag(
            image.path("Id").asText(),
            kept.imageRepository(written),
            written.tag().orElse(ImageName.LATEST));
      }
    }
    trim();
  }

  /** Gives the owner the names that are kept there, but for those that it has. */
  void take(String place, NameTranslation own, OwnedImages owned) {
    if (ledger.get(KIND, place).isEmpty()) {
      return;
    }
    NameTranslation kept = names(place);
    for (JsonNode image : engine.get("/images/json")) {
      for (String name : shown(kept, image)) {
        ImageName written = NameTranslation.parse(name);
        if (engine.find("/images/" + own.image(written) + "/json").isEmpty()) {
          String id = image.path("Id").asText();
          owned.adopt(id, id, Optional.of(written));
        }
      }
    }
  }

  private NameTranslation names(String place) {
    return new NameTranslation("est-" + home + "-kept-" + place, "");
  }

  private static List<String> shown(NameTranslation names, JsonNode image) {
    List<String> shown = new ArrayList<>();
    image.path("RepoTags").forEach(tag -> names.shownImage(tag.asText()).ifPresent(shown::add));
    return shown;
  }

  private void trim() {
    List<Ledger.Stored> places = new ArrayList<>(ledger.list(KIND, ""));
    places.sort(Comparator.comparingLong(Ledger.Stored::created));
    for (Ledger.Stored old : places.subList(0, Math.max(0, places.size() - PLACES_MAX))) {
      NameTranslation names = names(old.key());
      for (JsonNode image : engine.get("/images/json")) {
        shown(names, image).forEach(name -> remove(names.image(NameTranslation.parse(name))));
      }
      ledger.write(tx -> tx.delete(KIND, old.key()));
    }
  }

  private void remove(String name) {
    try {
      engine.delete("/images/" + name + "?noprune=1");
    } catch (EngineError e) {
      LOG.log(Level.INFO, () -> "could not remove " + name + ": " + e.text());
    }
  }
}
