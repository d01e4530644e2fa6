package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.fleet.group.GroupRequest;
import dev.esteira.fleet.group.GroupState;
import dev.esteira.fleet.group.GroupTag;
import dev.esteira.fleet.group.Groups;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tags of groups. */
final class AutoScalingTags {
  private record Tagged(String group, GroupTag tag) {}

  private final Groups groups;

  AutoScalingTags(Groups groups) {
    this.groups = groups;
  }

  void addTo(Map<String, Operation> operations) {
    operations.put("CreateOrUpdateTags", this::put);
    operations.put("DeleteTags", this::delete);
    operations.put("DescribeTags", this::describe);
  }

  static List<GroupTag> read(JsonNode list) {
    List<GroupTag> tags = new ArrayList<>();
    for (JsonNode each : list) {
      String key = each.path("Key").asText("");
      if (key.isEmpty() || key.length() > 128 || key.startsWith("aws:")) {
        throw AutoScaling.invalid("The tag key '" + key + "' is empty, too long or reserved");
      }
      tags.add(
          new GroupTag(
              key, each.path("Value").asText(""), each.path("PropagateAtLaunch").asBoolean(false)));
    }
    return tags;
  }

  /** Tags name their groups, so that one call may be about several. */
  private ObjectNode put(Call call) {
    byGroup(call)
        .forEach(
            (group, tags) -> groups.ask(group, new GroupRequest.SetTags(read(tags), List.of())));
    return AutoScaling.nothing();
  }

  private ObjectNode delete(Call call) {
    byGroup(call)
        .forEach((group, tags) -> {
          List<String> keys = new ArrayList<>();
          tags.forEach(each -> keys.add(each.path("Key").asText()));
          groups.ask(group, new GroupRequest.SetTags(List.of(), keys));
        });
    return AutoScaling.nothing();
  }

  private Map<String, ArrayNode> byGroup(Call call) {
    Map<String, ArrayNode> byGroup = new LinkedHashMap<>();
    for (JsonNode each : call.input().path("Tags")) {
      String name = each.path("ResourceId").asText("");
      byGroup.computeIfAbsent(AutoScaling.group(groups, name).name(), _ -> Json.array()).add(each);
    }
    return byGroup;
  }

  private ObjectNode describe(Call call) {
    List<Tagged> found = new ArrayList<>();
    for (GroupState group : groups.all()) {
      for (GroupTag tag : group.settings().tags()) {
        if (fits(call, group.name(), tag)) {
          found.add(new Tagged(group.name(), tag));
        }
      }
    }
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("Tags");
    AutoScaling.page(call, found, answer)
        .forEach(each -> list.add(AutoScalingShapes.tag(each.group(), each.tag())));
    return answer;
  }

  private static boolean fits(Call call, String group, GroupTag tag) {
    for (JsonNode filter : call.input().path("Filters")) {
      String value =
          switch (filter.path("Name").asText("")) {
            case "auto-scaling-group" -> group;
            case "key" -> tag.key();
            case "value" -> tag.value();
            case "propagate-at-launch" -> Boolean.toString(tag.propagate());
            default -> throw unknown(filter);
          };
      if (!wants(filter, value)) {
        return false;
      }
    }
    return true;
  }

  /** The filters of describe-auto-scaling-groups. */
  static boolean fits(Call call, GroupState group) {
    for (JsonNode filter : call.input().path("Filters")) {
      String name = filter.path("Name").asText("");
      boolean fits =
          group.settings().tags().stream()
              .anyMatch(tag ->
                  switch (name) {
                    case "tag-key" -> wants(filter, tag.key());
                    case "tag-value" -> wants(filter, tag.value());
                    default -> {
                      if (!name.startsWith("tag:")) {
                        throw unknown(filter);
                      }
                      yield name.equals("tag:" + tag.key()) && wants(filter, tag.value());
                    }
                  });
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  private static boolean wants(JsonNode filter, String value) {
    for (JsonNode each : filter.path("Values")) {
      if (each.asText().equals(value)) {
        return true;
      }
    }
    return false;
  }

  private static AwsException unknown(JsonNode filter) {
    return AutoScaling.invalid(
        "Filter type " + filter.path("Name").asText("") + " is not correct.");
  }
}
