package dev.esteira.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.engine.ImageName;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code /images}: list, inspect, history, tag, remove, prune. */
final class ImageCalls {
  private final Scope scope;
  private final OwnedImages images;

  ImageCalls(Scope scope, OwnedImages images) {
    this.scope = scope;
    this.images = images;
  }

  void addTo(Routes routes) {
    routes
        .add("GET", "/images/json", this::list)
        .add("GET", "/images/{name*}/json", this::inspect)
        .add("GET", "/images/{name*}/history", this::history)
        .add("POST", "/images/{name*}/tag", this::tag)
        .add("POST", "/images/prune", this::prune)
        .add("DELETE", "/images/{name*}", this::remove);
  }

  private void list(Call call) throws IOException {
    Filters filters = call.filters();
    Filters passed =
        filters
            .without("reference", "dangling")
            .map("before", this::engineReference)
            .map("since", this::engineReference);
    JsonNode all =
        scope
            .engine()
            .get("/images/json" + EngineCalls.query(List.of(Map.entry("filters", passed.text()))));
    ArrayNode shown = Json.array();
    for (JsonNode image : all) {
      if (images.isOwn(image)) {
        listed(image, filters).ifPresent(shown::add);
      }
    }
    call.exchange().json(200, shown);
  }

  private String engineReference(String reference) {
    return images.get(reference).reference();
  }

  private Optional<ObjectNode> listed(JsonNode image, Filters filters) {
    ObjectNode shown = images.shown(image);
    List<String> tags = images.shownTags(image);
    List<String> wanted = filters.get("reference");
    if (!wanted.isEmpty()) {
      tags = tags.stream().filter(tag -> wanted.stream().anyMatch(w -> fits(w, tag))).toList();
      if (tags.isEmpty()) {
        return Optional.empty();
      }
    }
    if (!filters.get("dangling").isEmpty()
        && Boolean.parseBoolean(filters.get("dangling").getFirst()) != tags.isEmpty()) {
      return Optional.empty();
    }
    ArrayNode list = shown.putArray("RepoTags");
    tags.forEach(list::add);
    if (tags.isEmpty()) {
      list.add("<none>:<none>");
      if (shown.path("RepoDigests").isEmpty()) {
        shown.putArray("RepoDigests").add("<none>@<none>");
      }
    }
    return Optional.of(shown);
  }

  /** A pattern fits the name with or without the tag; {@code *} stops at a slash. */
  private static boolean fits(String pattern, String tag) {
    String repository = tag.substring(0, tag.lastIndexOf(':'));
    var matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern.replace("{", "\\{"));
    return matcher.matches(Path.of(repository)) || matcher.matches(Path.of(tag));
  }

  private void inspect(Call call) throws IOException {
    call.exchange().json(200, images.shown(images.get(call.part(0)).inspected()));
  }

  private void history(Call call) throws IOException {
    OwnedImages.Found found = images.get(call.part(0));
    JsonNode history = scope.engine().get("/images/" + found.reference() + "/history");
    ArrayNode shown = Json.array();
    for (JsonNode layer : history) {
      ObjectNode copy = (ObjectNode) scope.names().outward(layer);
      List<String> tags = images.shownTags(Json.object().set("RepoTags", layer.path("Tags")));
      ArrayNode list = Json.array();
      tags.forEach(list::add);
      copy.set("Tags", list.isEmpty() ? null : list);
      shown.add(copy);
    }
    call.exchange().json(200, shown);
  }

  private void tag(Call call) throws IOException {
    OwnedImages.Found found = images.get(call.part(0));
    String repository = call.query("repo").orElse("");
    String tag = call.query("tag").map(t -> ":" + t).orElse("");
    ImageName name = NameTranslation.parse(repository + tag);
    images.adopt(found.reference(), found.id(), Optional.of(name));
    call.exchange().send(201, "text/plain", new byte[0]);
  }

  private void remove(Call call) throws IOException {
    OwnedImages.Found found = images.get(call.part(0));
    boolean force = call.flag("force");
    List<String> tags = images.shownTags(found.inspected());
    if (found.named() && tags.size() > 1) {
      call.exchange().json(200, scope.names().outward(delete(found.reference(), force)));
      return;
    }
    if (tags.size() > 1 && !force) {
      String id = NameTranslation.hex(found.id()).substring(0, 12);
      throw new EngineError(
          409,
          "conflict: unable to delete "
              + id
              + " (must be forced) - image is referenced in multiple repositories");
    }
    call.exchange().json(200, removeWhole(found, force));
  }

  /** Takes the mark and all names away; the engine drops the image when no other owner has it. */
  private ArrayNode removeWhole(OwnedImages.Found found, boolean force) {
    List<String> references = new ArrayList<>();
    for (JsonNode tag : found.inspected().path("RepoTags")) {
      if (scope.names().shownImage(tag.asText()).isPresent()) {
        references.add(tag.asText());
      }
    }
    String mark = scope.names().mark(found.id());
    boolean onlyMarked = references.isEmpty();
    if (onlyMarked) {
      references.add(mark);
    } else {
      delete(mark, true);
    }
    ArrayNode changes = Json.array();
    try {
      for (String reference : references) {
        delete(reference, force).forEach(changes::add);
      }
    } catch (EngineError e) {
      if (!onlyMarked) {
        images.adopt(found.id(), found.id(), Optional.empty());
      }
      throw new EngineError(e.status(), scope.names().outward(e.text()));
    }
    ArrayNode shown = Json.array();
    for (JsonNode change : changes) {
      if (!scope.names().isMark(change.path("Untagged").asText(""))) {
        shown.add(scope.names().outward(change));
      }
    }
    return shown;
  }

  private JsonNode delete(String reference, boolean force) {
    return scope.engine().delete("/images/" + reference + (force ? "?force=1" : ""));
  }

  /** Removes the owner's images without a name, with {@code dangling=false} those unused too. */
  private void prune(Call call) throws IOException {
    List<String> dangling = call.filters().get("dangling");
    boolean all = !dangling.isEmpty() && !Boolean.parseBoolean(dangling.getFirst());
    ArrayNode deleted = Json.array();
    long bytes = 0;
    for (JsonNode image : images.all()) {
      String id = image.path("Id").asText();
      if (all || images.shownTags(image).isEmpty()) {
        try {
          removeWhole(new OwnedImages.Found(id, image, false), false).forEach(deleted::add);
          bytes += image.path("Size").asLong();
        } catch (EngineError e) {
          // A container uses it, so it stays; that is what prune means.
        }
      }
    }
    ObjectNode answer = Json.object();
    answer.set("ImagesDeleted", deleted);
    call.exchange().json(200, answer.put("SpaceReclaimed", bytes));
  }
}
