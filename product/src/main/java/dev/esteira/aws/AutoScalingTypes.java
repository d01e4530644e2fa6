package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.fleet.group.Groups;
import java.util.List;
import java.util.Map;

/** What Auto Scaling knows: limits, and the names of its processes, policies and transitions. */
final class AutoScalingTypes {
  static final List<String> TERMINATION_POLICIES =
      List.of(
          "ClosestToNextInstanceHour",
          "Default",
          "NewestInstance",
          "OldestInstance",
          "OldestLaunchConfiguration",
          "OldestLaunchTemplate");

  private static final int GROUPS_MAX = 200;
  private static final int CONFIGURATIONS_MAX = 200;

  private final Groups groups;

  AutoScalingTypes(Groups groups) {
    this.groups = groups;
  }

  void addTo(Map<String, Operation> operations) {
    operations.put("DescribeAccountLimits", _ -> limits());
    operations.put(
        "DescribeTerminationPolicyTypes",
        _ -> named("TerminationPolicyTypes", TERMINATION_POLICIES));
    operations.put(
        "DescribeLifecycleHookTypes",
        _ ->
            named(
                "LifecycleHookTypes",
                List.of(AutoScalingHooks.LAUNCHING, AutoScalingHooks.TERMINATING)));
    operations.put(
        "DescribeScalingProcessTypes", _ -> objects("Processes", "ProcessName", Groups.PROCESSES));
    operations.put(
        "DescribeAdjustmentTypes",
        _ ->
            objects(
                "AdjustmentTypes",
                "AdjustmentType",
                List.of("ChangeInCapacity", "ExactCapacity", "PercentChangeInCapacity")));
  }

  private ObjectNode limits() {
    return Json.object()
        .put("MaxNumberOfAutoScalingGroups", GROUPS_MAX)
        .put("MaxNumberOfLaunchConfigurations", CONFIGURATIONS_MAX)
        .put("NumberOfAutoScalingGroups", groups.all().size())
        .put("NumberOfLaunchConfigurations", groups.launchConfigurations().all().size());
  }

  private static ObjectNode named(String member, List<String> names) {
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray(member);
    names.forEach(list::add);
    return answer;
  }

  private static ObjectNode objects(String member, String inner, List<String> names) {
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray(member);
    names.forEach(name -> list.addObject().put(inner, name));
    return answer;
  }
}
