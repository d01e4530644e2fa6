package dev.esteira.pipeline.gitlab;

import dev.esteira.pipeline.Flow;
import dev.esteira.pipeline.Releases;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code release} of a job, as written: nothing is expanded. */
final class ReleaseReader {
  private static final String WHERE = "release.";
  private static final String LINK = "release.assets.links.";
  private static final Set<String> KNOWN =
      Set.of(
          "tag_name",
          "tag_message",
          "name",
          "description",
          "ref",
          "milestones",
          "released_at",
          "assets");

  /** {@code type} is what {@code link_type} was called first. */
  private static final Set<String> OF_LINK =
      Set.of("name", "url", "link_type", "type", "filepath", "direct_asset_path");

  private static final List<String> TYPES = List.of("other", "runbook", "image", "package");

  private final Fields fields;

  ReleaseReader(Fields fields) {
    this.fields = fields;
  }

  Optional<Flow.Release> read(Node.Keys job) {
    Optional<Node.Keys> release = job.get("release").flatMap(n -> fields.keys(n, "release"));
    if (release.isEmpty()) {
      return Optional.empty();
    }
    Node.Keys keys = release.get();
    fields.unknown(keys, WHERE, KNOWN);
    if (job.get("script").isEmpty()) {
      fields.problems().error(job.placeOf("release"), "a job with 'release' needs a 'script'");
    }
    Optional<String> tag = required(keys, "tag_name", "release");
    Optional<String> description = required(keys, "description", "release");
    if (tag.isEmpty() || description.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Flow.Release(
            tag.get(),
            fields.text(keys, "tag_message", WHERE),
            fields.text(keys, "name", WHERE),
            description.get(),
            fields.text(keys, "ref", WHERE),
            fields.texts(keys, "milestones", WHERE),
            releasedAt(keys),
            links(keys)));
  }

  private Optional<String> required(Node.Keys keys, String key, String what) {
    Optional<String> text = fields.text(keys, key, WHERE).filter(t -> !t.isBlank());
    if (text.isEmpty()) {
      fields.problems().error(keys.place(), "'%s' has no '%s'".formatted(what, key));
    }
    return text;
  }

  private Optional<String> releasedAt(Node.Keys keys) {
    Optional<String> text = fields.text(keys, "released_at", WHERE);
    if (text.isPresent() && !text.get().contains("$")) {
      try {
        OffsetDateTime.parse(text.get());
      } catch (DateTimeParseException e) {
        fields
            .problems()
            .error(
                keys.placeOf("released_at"),
                "'release.released_at' must be a time such as '2026-03-01T08:00:00Z', but it is"
                    + " '%s'".formatted(text.get()));
      }
    }
    return text;
  }

  private List<Releases.Link> links(Node.Keys release) {
    List<Releases.Link> all = new ArrayList<>();
    Optional<Node.Keys> assets =
        release.get("assets").flatMap(n -> fields.keys(n, "release.assets"));
    assets.ifPresent(a -> fields.unknown(a, "release.assets.", Set.of("links")));
    Optional<Node> links = assets.flatMap(a -> a.get("links"));
    if (links.isEmpty()) {
      return all;
    }
    List<Node> items = links.get() instanceof Node.Items l ? Node.flat(l) : List.of(links.get());
    for (Node item : items) {
      fields.keys(item, "release.assets.links").flatMap(this::link).ifPresent(all::add);
    }
    return all;
  }

  private Optional<Releases.Link> link(Node.Keys link) {
    fields.unknown(link, LINK, OF_LINK);
    Optional<String> name = required(link, "name", "release.assets.links");
    Optional<String> url = required(link, "url", "release.assets.links");
    String key = link.has("link_type") ? "link_type" : "type";
    String type = fields.word(link, key, LINK, TYPES, "other");
    return name.flatMap(n -> url.map(u -> new Releases.Link(n, u, type)));
  }
}
