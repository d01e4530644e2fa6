package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Tags of EC2's resources: their calls, and the tag specifications of calls that make some. */
final class Ec2Tags {
  private static final int TAGS_MAX = 50;
  private static final int KEY_CHARS_MAX = 127;
  private static final int VALUE_CHARS_MAX = 255;

  /** One tag of one resource, as describe-tags tells it. */
  private record Tagged(String resourceId, String resourceType, String key, String value) {}

  private static final Filters<Tagged> FILTERS =
      new Filters<Tagged>(tag -> Map.of(tag.key(), tag.value()))
          .one("key", Tagged::key)
          .one("value", Tagged::value)
          .one("resource-id", Tagged::resourceId)
          .one("resource-type", Tagged::resourceType);

  private final List<Taggable> taggables;

  Ec2Tags(List<Taggable> taggables) {
    this.taggables = List.copyOf(taggables);
  }

  Map<String, Operation> operations() {
    return Map.of(
        "CreateTags", this::create, "DeleteTags", this::delete, "DescribeTags", this::describe);
  }

  /** The tags that a call asks for, for the resource of this type that it makes. */
  static Map<String, String> specified(Call call, String resourceType) {
    Map<String, String> tags = new TreeMap<>();
    for (JsonNode specification : call.input().path("TagSpecifications")) {
      if (specification.path("ResourceType").asText("").equals(resourceType)) {
        tags.putAll(read(specification.path("Tags")));
      }
    }
    return tags;
  }

  /** Tags in the shape of answers. */
  static ArrayNode json(Map<String, String> tags) {
    ArrayNode list = Json.array();
    new TreeMap<>(tags)
        .forEach((key, value) -> list.addObject().put("Key", key).put("Value", value));
    return list;
  }

  private static Map<String, String> read(JsonNode list) {
    Map<String, String> tags = new LinkedHashMap<>();
    for (JsonNode tag : list) {
      String key = tag.path("Key").asText("");
      String value = tag.path("Value").asText("");
      if (key.isEmpty() || key.length() > KEY_CHARS_MAX || value.length() > VALUE_CHARS_MAX) {
        throw Ec2.invalid(
            "Tag keys are 1 to %d characters long and values at most %d: '%s'"
                .formatted(KEY_CHARS_MAX, VALUE_CHARS_MAX, key));
      }
      if (key.startsWith("aws:")) {
        throw Ec2.invalid("Tag keys starting with 'aws:' are reserved for internal use");
      }
      tags.put(key, value);
    }
    if (tags.size() > TAGS_MAX) {
      throw new AwsException(
          "TagLimitExceeded", 400, "The maximum number of tags for a resource is " + TAGS_MAX);
    }
    return tags;
  }

  private Taggable owner(String id) {
    return taggables.stream()
        .filter(taggable -> id.startsWith(taggable.prefix()))
        .findFirst()
        .orElseThrow(() -> new AwsException("InvalidID", 400, "The ID '" + id + "' is not valid"));
  }

  /** All of them are there, or nothing is changed. */
  private Map<String, Map<String, String>> existing(Call call) {
    Map<String, Map<String, String>> existing = new LinkedHashMap<>();
    for (String id : call.texts("Resources")) {
      Taggable owner = owner(id);
      Map<String, String> tags = owner.tags().get(id);
      if (tags == null) {
        throw owner.notFound(id);
      }
      existing.put(id, tags);
    }
    return existing;
  }

  private ObjectNode create(Call call) {
    Map<String, String> set = read(call.input().path("Tags"));
    Map<String, Map<String, String>> existing = existing(call);
    existing.forEach((_, tags) -> {
      Map<String, String> all = new TreeMap<>(tags);
      all.putAll(set);
      if (all.size() > TAGS_MAX) {
        throw new AwsException(
            "TagLimitExceeded", 400, "The maximum number of tags for a resource is " + TAGS_MAX);
      }
    });
    existing.keySet().forEach(id -> owner(id).tag(id, set, List.of()));
    return Json.object();
  }

  /** A tag that is named with a value goes only when it has that value; no tags named means all. */
  private ObjectNode delete(Call call) {
    JsonNode named = call.input().path("Tags");
    existing(call)
        .forEach((id, tags) -> {
          List<String> removed = new ArrayList<>();
          if (named.isEmpty()) {
            tags.keySet().stream().filter(key -> !key.startsWith("aws:")).forEach(removed::add);
          }
          for (JsonNode tag : named) {
            String key = tag.path("Key").asText("");
            String value = tags.get(key);
            if (value != null && (!tag.has("Value") || tag.path("Value").asText().equals(value))) {
              removed.add(key);
            }
          }
          owner(id).tag(id, Map.of(), removed);
        });
    return Json.object();
  }

  private ObjectNode describe(Call call) {
    List<Tagged> all = new ArrayList<>();
    for (Taggable taggable : taggables) {
      new TreeMap<>(taggable.tags())
          .forEach((id, tags) ->
              new TreeMap<>(tags)
                  .forEach((key, value) ->
                      all.add(new Tagged(id, taggable.resourceType(), key, value))));
    }
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("Tags");
    for (Tagged tag : Ec2.page(call, FILTERS.apply(call, all), answer)) {
      ObjectNode shown = list.addObject();
      shown.put("Key", tag.key()).put("Value", tag.value());
      shown.put("ResourceId", tag.resourceId()).put("ResourceType", tag.resourceType());
    }
    return answer;
  }
}
