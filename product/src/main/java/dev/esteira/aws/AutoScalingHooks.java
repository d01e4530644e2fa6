package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.fleet.group.GroupRequest;
import dev.esteira.fleet.group.GroupState;
import dev.esteira.fleet.group.Groups;
import dev.esteira.fleet.group.Hook;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lifecycle hooks. */
final class AutoScalingHooks {
  static final String LAUNCHING = "autoscaling:EC2_INSTANCE_LAUNCHING";
  static final String TERMINATING = "autoscaling:EC2_INSTANCE_TERMINATING";
  private static final int HEARTBEAT_SECONDS_DEFAULT = 3_600;

  private final Groups groups;

  AutoScalingHooks(Groups groups) {
    this.groups = groups;
  }

  void addTo(Map<String, Operation> operations) {
    operations.put("PutLifecycleHook", this::put);
    operations.put("DescribeLifecycleHooks", this::describe);
    operations.put("DeleteLifecycleHook", this::delete);
    operations.put("CompleteLifecycleAction", this::complete);
    operations.put("RecordLifecycleActionHeartbeat", this::heartbeat);
  }

  /** {@code before}: the hook of that name that is changed, if there is one. */
  static Hook read(JsonNode tree, Optional<Hook> before) {
    if (tree.hasNonNull("NotificationTargetARN")
        && !tree.path("NotificationTargetARN").asText().isEmpty()) {
      throw AutoScaling.unsupported("NotificationTargetARN of lifecycle hooks");
    }
    String transition = tree.path("LifecycleTransition").asText("");
    if (transition.isEmpty() && before.isEmpty()) {
      throw AutoScaling.invalid("LifecycleTransition is a required parameter");
    }
    if (!transition.isEmpty() && !List.of(LAUNCHING, TERMINATING).contains(transition)) {
      throw AutoScaling.invalid("Invalid lifecycle transition: " + transition);
    }
    boolean launching =
        transition.isEmpty() ? before.orElseThrow().launching() : transition.equals(LAUNCHING);
    String result = tree.path("DefaultResult").asText("");
    if (!result.isEmpty() && !List.of("CONTINUE", "ABANDON").contains(result)) {
      throw AutoScaling.invalid("DefaultResult must be CONTINUE or ABANDON, not " + result);
    }
    return new Hook(
        tree.path("LifecycleHookName").asText(),
        launching,
        AutoScaling.integer(tree, "HeartbeatTimeout")
            .orElse(before.map(Hook::heartbeatSeconds).orElse(HEARTBEAT_SECONDS_DEFAULT)),
        result.isEmpty() ? before.map(Hook::proceed).orElse(false) : result.equals("CONTINUE"),
        tree.path("NotificationMetadata").asText(before.map(Hook::metadata).orElse("")),
        "",
        tree.path("RoleARN").asText(""));
  }

  private ObjectNode put(Call call) {
    GroupState group = AutoScaling.group(groups, call);
    String name = call.text("LifecycleHookName");
    Optional<Hook> before =
        group.hooks().stream().filter(hook -> hook.name().equals(name)).findFirst();
    groups.ask(group.name(), new GroupRequest.PutHook(read(call.input(), before)));
    return AutoScaling.nothing();
  }

  private ObjectNode describe(Call call) {
    GroupState group = AutoScaling.group(groups, call);
    List<String> names = call.texts("LifecycleHookNames");
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("LifecycleHooks");
    for (Hook hook : group.hooks()) {
      if (names.isEmpty() || names.contains(hook.name())) {
        ObjectNode shown = list.addObject();
        shown.put("LifecycleHookName", hook.name());
        shown.put("AutoScalingGroupName", group.name());
        shown.put("LifecycleTransition", hook.launching() ? LAUNCHING : TERMINATING);
        if (!hook.metadata().isEmpty()) {
          shown.put("NotificationMetadata", hook.metadata());
        }
        shown.put("HeartbeatTimeout", hook.heartbeatSeconds());
        shown.put("GlobalTimeout", hook.globalSeconds());
        shown.put("DefaultResult", hook.proceed() ? "CONTINUE" : "ABANDON");
      }
    }
    return answer;
  }

  private ObjectNode delete(Call call) {
    AutoScaling.ask(groups, call, new GroupRequest.DeleteHook(call.text("LifecycleHookName")));
    return AutoScaling.nothing();
  }

  private ObjectNode complete(Call call) {
    String result = call.text("LifecycleActionResult");
    if (!List.of("CONTINUE", "ABANDON").contains(result)) {
      throw AutoScaling.invalid("LifecycleActionResult must be CONTINUE or ABANDON");
    }
    AutoScaling.ask(
        groups,
        call,
        new GroupRequest.CompleteHook(
            call.text("LifecycleHookName"),
            call.optional("LifecycleActionToken"),
            call.optional("InstanceId"),
            result.equals("CONTINUE")));
    return AutoScaling.nothing();
  }

  private ObjectNode heartbeat(Call call) {
    AutoScaling.ask(
        groups,
        call,
        new GroupRequest.Heartbeat(
            call.text("LifecycleHookName"),
            call.optional("LifecycleActionToken"),
            call.optional("InstanceId")));
    return AutoScaling.nothing();
  }
}
