package dev.esteira.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.fleet.group.Activity;
import dev.esteira.fleet.group.GroupRequest;
import dev.esteira.fleet.group.GroupSettings;
import dev.esteira.fleet.group.GroupState;
import dev.esteira.fleet.group.GroupTag;
import dev.esteira.fleet.group.Groups;
import dev.esteira.fleet.group.Member;
import dev.esteira.http.Exchange;
import java.io.IOException;
import java.util.List;

/** REST for Auto Scaling groups: what they are, what they did, and how they end members. */
public final class GroupApi {
  private static final int BODY_BYTES_MAX = 64 << 10;

  private final Groups groups;

  public GroupApi(Groups groups) {
    this.groups = groups;
  }

  void list(Exchange exchange) throws IOException {
    ArrayNode list = Json.array();
    groups.all().forEach(group -> list.add(shown(group)));
    exchange.json(200, list);
  }

  void show(Exchange exchange) throws IOException {
    exchange.json(200, shown(named(exchange)));
  }

  void activities(Exchange exchange) throws IOException {
    String name = named(exchange).name();
    ArrayNode list = Json.array();
    groups.activities(name).forEach(activity -> list.add(shown(activity)));
    exchange.json(200, list);
  }

  /** {@code terminate}: {@code replace-first} or {@code at-once}. */
  void set(Exchange exchange) throws IOException {
    GroupState group = named(exchange);
    JsonNode body = Json.parse(exchange.body(BODY_BYTES_MAX));
    String how = body.path("terminate").asText("");
    GroupTag option = new GroupTag(GroupTag.TERMINATE, GroupTag.REPLACE_FIRST, false);
    GroupRequest request =
        switch (how) {
          case GroupTag.REPLACE_FIRST -> new GroupRequest.SetTags(List.of(option), List.of());
          case "at-once" -> new GroupRequest.SetTags(List.of(), List.of(GroupTag.TERMINATE));
          default ->
              throw EsteiraException.invalid(
                  "terminate is replace-first or at-once, not '" + how + "'");
        };
    exchange.json(200, shown(groups.ask(group.name(), request)));
  }

  private GroupState named(Exchange exchange) {
    String name =
        exchange.query("name").orElseThrow(() -> EsteiraException.invalid("'name' is missing"));
    return groups
        .group(name)
        .orElseThrow(() -> EsteiraException.notFound("there is no group '" + name + "'"));
  }

  private static ObjectNode shown(GroupState group) {
    GroupSettings settings = group.settings();
    ObjectNode shown = Json.object();
    shown.put("name", group.name()).put("min", settings.min()).put("max", settings.max());
    shown.put("desired", group.desired());
    shown.put("terminate", settings.replaceFirst() ? GroupTag.REPLACE_FIRST : "at-once");
    shown.put("health", settings.loadBalanced() ? "ELB" : "EC2");
    settings.targetGroups().forEach(shown.putArray("targetGroups")::add);
    ArrayNode members = shown.putArray("members");
    group.members().stream()
        .filter(member -> member.instanceId().isPresent())
        .forEach(member -> members.add(shown(member)));
    return shown;
  }

  private static ObjectNode shown(Member member) {
    ObjectNode shown = Json.object();
    shown.put("instance", member.instanceId().orElse(""));
    shown.put("state", member.lifecycle().word());
    shown.put("health", member.health().healthy() ? "Healthy" : "Unhealthy");
    shown.put("zone", member.made().zone()).put("since", member.since().toString());
    shown.put("leaving", member.outgoing().map(Member.Outgoing::cause).orElse(""));
    return shown;
  }

  private static ObjectNode shown(Activity activity) {
    ObjectNode shown = Json.object();
    shown.put("id", activity.id()).put("start", activity.startTime().toString());
    shown.put("end", activity.endTime().map(Object::toString).orElse(""));
    shown.put("status", activity.statusCode()).put("description", activity.description());
    return shown.put("cause", activity.cause()).put("message", activity.statusMessage());
  }
}
