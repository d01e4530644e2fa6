package dev.esteira.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.access.Access;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.pipeline.Releases;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Releases in the shapes of GitLab's REST API (Releases API). */
record GitlabReleases(Releases releases) {
  private static final String LINK_TYPE = "other";

  ArrayNode list(Access.Project project) {
    ArrayNode all = Json.array();
    releases.list(project.path()).forEach(release -> all.add(shape(release)));
    return all;
  }

  ObjectNode show(Access.Project project, String tag) {
    return releases
        .find(project.path(), tag)
        .map(GitlabReleases::shape)
        .orElseThrow(() -> EsteiraException.notFound("404 Not Found"));
  }

  ObjectNode create(Access.Project project, Access.Principal by, JsonNode body) {
    String tag = body.path("tag_name").asText("");
    if (tag.isEmpty()) {
      throw EsteiraException.invalid("tag_name is missing");
    }
    return shape(
        releases.create(
            new Releases.Wanted(
                project.path(),
                tag,
                text(body, "tag_message"),
                text(body, "name"),
                body.path("description").asText(""),
                text(body, "ref"),
                by.name(),
                text(body, "released_at").map(GitlabReleases::time),
                texts(body.path("milestones")),
                links(body.path("assets").path("links")))));
  }

  private static Optional<String> text(JsonNode body, String name) {
    return Optional.of(body.path(name).asText("")).filter(text -> !text.isEmpty());
  }

  private static Instant time(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw EsteiraException.invalid("released_at is invalid");
    }
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(each -> texts.add(each.asText()));
    return texts;
  }

  private static List<Releases.Link> links(JsonNode list) {
    List<Releases.Link> links = new ArrayList<>();
    list.forEach(each ->
        links.add(
            new Releases.Link(
                each.path("name").asText(),
                each.path("url").asText(),
                each.path("link_type").asText(LINK_TYPE))));
    return links;
  }

  private static ObjectNode shape(Releases.Release release) {
    ObjectNode node = Json.object();
    node.put("tag_name", release.tag());
    node.put("name", release.name());
    node.put("description", release.description());
    node.put("created_at", release.createdAt().toString());
    node.put("released_at", release.releasedAt().toString());
    node.putObject("author").put("username", release.actor());
    node.putObject("commit").put("id", release.commit());
    ArrayNode milestones = node.putArray("milestones");
    release.milestones().forEach(title -> milestones.addObject().put("title", title));
    ObjectNode assets = node.putObject("assets");
    assets.put("count", release.links().size());
    ArrayNode links = assets.putArray("links");
    release
        .links()
        .forEach(link ->
            links
                .addObject()
                .put("name", link.name())
                .put("url", link.url())
                .put("link_type", link.type()));
    return node;
  }
}
