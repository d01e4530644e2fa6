package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.edge.elb.Targets;
import dev.esteira.fleet.Instances;
import dev.esteira.fleet.group.GroupRequest;
import dev.esteira.fleet.group.GroupState;
import dev.esteira.fleet.group.Groups;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Members of groups: shown, taken out, put in, protected; and the groups' target groups. */
final class AutoScalingMembers {
  private static final int MEMBERS_PAGE_MAX = 50;

  private final Groups groups;
  private final AutoScalingShapes shapes;

  AutoScalingMembers(Groups groups, AutoScalingShapes shapes) {
    this.groups = groups;
    this.shapes = shapes;
  }

  void addTo(Map<String, Operation> operations) {
    operations.put("DescribeAutoScalingInstances", this::describe);
    operations.put("TerminateInstanceInAutoScalingGroup", this::terminate);
    operations.put("SetInstanceHealth", this::setHealth);
    operations.put("SetInstanceProtection", this::protect);
    operations.put("EnterStandby", this::enterStandby);
    operations.put("ExitStandby", this::exitStandby);
    operations.put("DetachInstances", this::detach);
    operations.put("AttachInstances", this::attach);
    operations.put("AttachLoadBalancerTargetGroups", this::attachTargets);
    operations.put("DetachLoadBalancerTargetGroups", this::detachTargets);
    operations.put("DescribeLoadBalancerTargetGroups", this::describeTargets);
    operations.put("AttachTrafficSources", this::attachTraffic);
    operations.put("DetachTrafficSources", this::detachTraffic);
    operations.put("DescribeTrafficSources", this::describeTraffic);
    operations.put("SuspendProcesses", this::suspend);
    operations.put("ResumeProcesses", this::resume);
  }

  private ObjectNode describe(Call call) {
    List<String> ids = call.texts("InstanceIds");
    List<ObjectNode> found = new ArrayList<>();
    for (GroupState group : groups.all()) {
      group.members().stream()
          .filter(member -> member.instanceId().isPresent())
          .filter(member -> ids.isEmpty() || ids.contains(member.instanceId().get()))
          .forEach(member -> {
            ObjectNode shown = AutoScalingShapes.member(member);
            shown.put("AutoScalingGroupName", group.name());
            // This call alone tells the health in capitals.
            shown.put("HealthStatus", member.health().healthy() ? "HEALTHY" : "UNHEALTHY");
            found.add(shown);
          });
    }
    Page<ObjectNode> page =
        Page.of(call, "MaxRecords", "NextToken", found, ids.isEmpty() ? MEMBERS_PAGE_MAX : 1_000);
    ObjectNode answer = Json.object();
    answer.putArray("AutoScalingInstances").addAll(page.items());
    page.nextToken().ifPresent(token -> answer.put("NextToken", token));
    return answer;
  }

  private GroupState groupOf(String instanceId) {
    return groups
        .groupOf(instanceId)
        .orElseThrow(() ->
            AutoScaling.invalid(
                "Instance Id not found - No managed instance found for instance ID: "
                    + instanceId));
  }

  private ObjectNode terminate(Call call) {
    String id = call.text("InstanceId");
    boolean decrement = call.flag("ShouldDecrementDesiredCapacity");
    GroupState after =
        groups.ask(groupOf(id).name(), new GroupRequest.TerminateInstance(id, decrement));
    ObjectNode answer = Json.object();
    after.noted().stream()
        .filter(activity -> activity.description().endsWith(id))
        .findFirst()
        .ifPresent(activity -> answer.set("Activity", shapes.activity(call, activity)));
    return answer;
  }

  private ObjectNode setHealth(Call call) {
    String id = call.text("InstanceId");
    String status = call.text("HealthStatus");
    if (!List.of("Healthy", "Unhealthy").contains(status)) {
      throw AutoScaling.invalid(
          "Valid instance health states are: [Healthy, Unhealthy], not " + status);
    }
    boolean grace = AutoScaling.truth(call, "ShouldRespectGracePeriod").orElse(true);
    groups.ask(groupOf(id).name(), new GroupRequest.SetHealth(id, status.equals("Healthy"), grace));
    return AutoScaling.nothing();
  }

  private ObjectNode protect(Call call) {
    AutoScaling.ask(
        groups,
        call,
        new GroupRequest.Protect(call.texts("InstanceIds"), call.flag("ProtectedFromScaleIn")));
    return AutoScaling.nothing();
  }

  private ObjectNode activities(Call call, GroupRequest request) {
    GroupState after = AutoScaling.ask(groups, call, request);
    ObjectNode answer = Json.object();
    answer.set("Activities", shapes.noted(call, after));
    return answer;
  }

  private ObjectNode enterStandby(Call call) {
    return activities(
        call,
        new GroupRequest.EnterStandby(
            call.texts("InstanceIds"), call.flag("ShouldDecrementDesiredCapacity")));
  }

  private ObjectNode exitStandby(Call call) {
    return activities(call, new GroupRequest.ExitStandby(call.texts("InstanceIds")));
  }

  private ObjectNode detach(Call call) {
    return activities(
        call,
        new GroupRequest.Detach(
            call.texts("InstanceIds"), call.flag("ShouldDecrementDesiredCapacity")));
  }

  private ObjectNode attach(Call call) {
    List<GroupRequest.Attach.Joining> joining = new ArrayList<>();
    for (String id : call.texts("InstanceIds")) {
      Instances.Instance instance =
          groups
              .instance(id)
              .filter(each -> each.state() == Instances.State.RUNNING)
              .orElseThrow(
                  () -> AutoScaling.invalid("Invalid Instance ID(s): [" + id + "] is not running"));
      if (groups.groupOf(id).isPresent()) {
        throw AutoScaling.invalid(
            "Instance " + id + " is already part of another AutoScalingGroup");
      }
      joining.add(
          new GroupRequest.Attach.Joining(
              id, instance.network().zone(), instance.template().instanceType()));
    }
    AutoScaling.ask(groups, call, new GroupRequest.Attach(joining));
    return AutoScaling.nothing();
  }

  private ObjectNode attachTargets(Call call) {
    AutoScaling.ask(groups, call, new GroupRequest.AttachTargets(call.texts("TargetGroupARNs")));
    return AutoScaling.nothing();
  }

  private ObjectNode detachTargets(Call call) {
    AutoScaling.ask(groups, call, new GroupRequest.DetachTargets(call.texts("TargetGroupARNs")));
    return AutoScaling.nothing();
  }

  private ObjectNode attachTraffic(Call call) {
    AutoScaling.ask(groups, call, new GroupRequest.AttachTargets(traffic(call)));
    return AutoScaling.nothing();
  }

  private ObjectNode detachTraffic(Call call) {
    AutoScaling.ask(groups, call, new GroupRequest.DetachTargets(traffic(call)));
    return AutoScaling.nothing();
  }

  private static List<String> traffic(Call call) {
    List<String> arns = new ArrayList<>();
    for (JsonNode each : call.input().path("TrafficSources")) {
      if (!each.path("Type").asText("elbv2").equals("elbv2")) {
        throw AutoScaling.unsupported("traffic sources of type " + each.path("Type").asText());
      }
      arns.add(each.path("Identifier").asText());
    }
    return arns;
  }

  private ObjectNode describeTargets(Call call) {
    GroupState group = AutoScaling.group(groups, call);
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("LoadBalancerTargetGroups");
    AutoScaling.page(call, group.settings().targetGroups(), answer)
        .forEach(arn ->
            list.addObject()
                .put("LoadBalancerTargetGroupARN", arn)
                .put("State", state(group, arn)));
    return answer;
  }

  private ObjectNode describeTraffic(Call call) {
    GroupState group = AutoScaling.group(groups, call);
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("TrafficSources");
    AutoScaling.page(call, group.settings().targetGroups(), answer)
        .forEach(arn ->
            list.addObject()
                .put("TrafficSource", arn)
                .put("Identifier", arn)
                .put("Type", "elbv2")
                .put("State", state(group, arn)));
    return answer;
  }

  /** Whether the members have been put in, and whether one of them is healthy there. */
  private static String state(GroupState group, String arn) {
    boolean healthy =
        group.members().stream()
            .anyMatch(member -> member.targets().get(arn) == Targets.Health.HEALTHY);
    boolean all =
        group.members().stream()
            .filter(member -> member.lifecycle().word().equals("InService"))
            .allMatch(member -> member.targets().containsKey(arn));
    return healthy ? "InService" : all ? "Added" : "Adding";
  }

  private ObjectNode suspend(Call call) {
    AutoScaling.ask(groups, call, new GroupRequest.Suspend(call.texts("ScalingProcesses")));
    return AutoScaling.nothing();
  }

  private ObjectNode resume(Call call) {
    AutoScaling.ask(groups, call, new GroupRequest.Resume(call.texts("ScalingProcesses")));
    return AutoScaling.nothing();
  }
}
