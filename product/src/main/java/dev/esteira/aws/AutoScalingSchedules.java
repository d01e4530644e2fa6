package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.fleet.group.GroupRequest;
import dev.esteira.fleet.group.GroupState;
import dev.esteira.fleet.group.Groups;
import dev.esteira.fleet.group.Schedule;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Scheduled actions. */
final class AutoScalingSchedules {
  private final Groups groups;
  private final AutoScalingShapes shapes;

  AutoScalingSchedules(Groups groups, AutoScalingShapes shapes) {
    this.groups = groups;
    this.shapes = shapes;
  }

  void addTo(Map<String, Operation> operations) {
    operations.put("PutScheduledUpdateGroupAction", this::put);
    operations.put("BatchPutScheduledUpdateGroupAction", this::putAll);
    operations.put("DescribeScheduledActions", this::describe);
    operations.put("DeleteScheduledAction", this::delete);
    operations.put("BatchDeleteScheduledAction", this::deleteAll);
  }

  private static Schedule read(JsonNode tree) {
    Optional<Instant> start = time(tree, "StartTime").or(() -> time(tree, "Time"));
    return new Schedule(
        tree.path("ScheduledActionName").asText(),
        start,
        time(tree, "EndTime"),
        tree.path("Recurrence").asText(""),
        tree.path("TimeZone").asText(""),
        AutoScaling.integer(tree, "MinSize"),
        AutoScaling.integer(tree, "MaxSize"),
        AutoScaling.integer(tree, "DesiredCapacity"),
        Optional.empty());
  }

  private static Optional<Instant> time(JsonNode tree, String member) {
    String text = tree.path(member).asText("");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException e) {
      throw AutoScaling.invalid("'" + text + "' at '" + member + "' is no time");
    }
  }

  private ObjectNode put(Call call) {
    AutoScaling.ask(groups, call, new GroupRequest.PutSchedules(List.of(read(call.input()))));
    return AutoScaling.nothing();
  }

  /** Those that break a rule are told; the others are kept. */
  private ObjectNode putAll(Call call) {
    GroupState group = AutoScaling.group(groups, call);
    ObjectNode answer = Json.object();
    ArrayNode failed = answer.putArray("FailedScheduledUpdateGroupActions");
    for (JsonNode each : call.input().path("ScheduledUpdateGroupActions")) {
      try {
        groups.ask(group.name(), new GroupRequest.PutSchedules(List.of(read(each))));
      } catch (EsteiraException e) {
        failure(failed, each.path("ScheduledActionName").asText(), e);
      }
    }
    return answer;
  }

  private static void failure(ArrayNode failed, String name, EsteiraException e) {
    failed
        .addObject()
        .put("ScheduledActionName", name)
        .put("ErrorCode", "ValidationError")
        .put("ErrorMessage", e.text());
  }

  private ObjectNode describe(Call call) {
    List<String> names = call.texts("ScheduledActionNames");
    List<GroupState> of =
        call.optional("AutoScalingGroupName").isPresent()
            ? List.of(AutoScaling.group(groups, call))
            : groups.all();
    List<ObjectNode> found =
        of.stream()
            .flatMap(group ->
                group.schedules().stream()
                    .filter(each -> names.isEmpty() || names.contains(each.name()))
                    .map(each -> shown(call, group, each)))
            .toList();
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("ScheduledUpdateGroupActions");
    AutoScaling.page(call, found, answer).forEach(list::add);
    return answer;
  }

  private ObjectNode shown(Call call, GroupState group, Schedule each) {
    ObjectNode shown = Json.object();
    shown.put("AutoScalingGroupName", group.name());
    shown.put("ScheduledActionName", each.name());
    shown.put(
        "ScheduledActionARN",
        shapes.ofGroup(call, "scheduledUpdateGroupAction", group, each.name()));
    Optional<Instant> start = each.start().or(each::next);
    start.ifPresent(at -> shown.put("Time", at.toString()).put("StartTime", at.toString()));
    each.end().ifPresent(at -> shown.put("EndTime", at.toString()));
    if (!each.recurrence().isEmpty()) {
      shown.put("Recurrence", each.recurrence());
    }
    each.min().ifPresent(n -> shown.put("MinSize", n));
    each.max().ifPresent(n -> shown.put("MaxSize", n));
    each.desired().ifPresent(n -> shown.put("DesiredCapacity", n));
    if (!each.timeZone().isEmpty()) {
      shown.put("TimeZone", each.timeZone());
    }
    return shown;
  }

  private ObjectNode delete(Call call) {
    AutoScaling.ask(
        groups, call, new GroupRequest.DeleteSchedule(call.text("ScheduledActionName")));
    return AutoScaling.nothing();
  }

  private ObjectNode deleteAll(Call call) {
    GroupState group = AutoScaling.group(groups, call);
    ObjectNode answer = Json.object();
    ArrayNode failed = answer.putArray("FailedScheduledActions");
    for (String name : call.texts("ScheduledActionNames")) {
      try {
        groups.ask(group.name(), new GroupRequest.DeleteSchedule(name));
      } catch (EsteiraException e) {
        failure(failed, name, e);
      }
    }
    return answer;
  }
}
