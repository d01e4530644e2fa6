package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.fleet.group.GroupRequest;
import dev.esteira.fleet.group.GroupState;
import dev.esteira.fleet.group.Groups;
import dev.esteira.fleet.group.ScalingPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Scaling policies. */
final class AutoScalingPolicies {
  private static final String CPU = "ASGAverageCPUUtilization";
  private static final List<String> KINDS =
      List.of("SimpleScaling", "StepScaling", "TargetTrackingScaling");
  private static final List<String> ADJUSTMENTS =
      List.of("ChangeInCapacity", "ExactCapacity", "PercentChangeInCapacity");

  private final Groups groups;
  private final AutoScalingShapes shapes;

  AutoScalingPolicies(Groups groups, AutoScalingShapes shapes) {
    this.groups = groups;
    this.shapes = shapes;
  }

  void addTo(Map<String, Operation> operations) {
    operations.put("PutScalingPolicy", this::put);
    operations.put("DescribePolicies", this::describe);
    operations.put("DeletePolicy", this::delete);
    operations.put("ExecutePolicy", this::execute);
  }

  private ObjectNode put(Call call) {
    GroupState group = AutoScaling.group(groups, call);
    ScalingPolicy policy = read(call);
    GroupState after = groups.ask(group.name(), new GroupRequest.PutPolicy(policy));
    ObjectNode answer = Json.object();
    answer.put("PolicyARN", shapes.ofGroup(call, "scalingPolicy", after, policy.name()));
    answer.putArray("Alarms");
    return answer;
  }

  private static ScalingPolicy read(Call call) {
    String kind = call.optional("PolicyType").orElse("SimpleScaling");
    if (!KINDS.contains(kind)) {
      throw AutoScaling.unsupported("the policy type " + kind);
    }
    boolean tracking = kind.equals("TargetTrackingScaling");
    String adjustment = call.optional("AdjustmentType").orElse("");
    if (!tracking && !ADJUSTMENTS.contains(adjustment)) {
      throw AutoScaling.invalid("AdjustmentType must be one of " + ADJUSTMENTS);
    }
    if (kind.equals("SimpleScaling") && call.optional("ScalingAdjustment").isEmpty()) {
      throw AutoScaling.invalid("ScalingAdjustment is required for policies of type SimpleScaling");
    }
    List<ScalingPolicy.Step> steps = new ArrayList<>();
    for (JsonNode step : call.input().path("StepAdjustments")) {
      steps.add(
          new ScalingPolicy.Step(
              AutoScaling.decimal(step, "MetricIntervalLowerBound"),
              AutoScaling.decimal(step, "MetricIntervalUpperBound"),
              AutoScaling.integer(step, "ScalingAdjustment").orElse(0)));
    }
    if (kind.equals("StepScaling") && steps.isEmpty()) {
      throw AutoScaling.invalid("StepAdjustments are required for policies of type StepScaling");
    }
    JsonNode target = call.input().path("TargetTrackingConfiguration");
    return new ScalingPolicy(
        call.text("PolicyName"),
        kind,
        adjustment,
        AutoScaling.integer(call, "ScalingAdjustment").orElse(0),
        AutoScaling.integer(call, "MinAdjustmentMagnitude")
            .or(() -> AutoScaling.integer(call, "MinAdjustmentStep")),
        AutoScaling.integer(call, "Cooldown"),
        AutoScaling.integer(call, "EstimatedInstanceWarmup"),
        steps,
        tracking ? Optional.of(tracked(target)) : Optional.empty(),
        target.path("DisableScaleIn").asBoolean(false),
        AutoScaling.truth(call, "Enabled").orElse(true));
  }

  private static double tracked(JsonNode target) {
    String metric =
        target.path("PredefinedMetricSpecification").path("PredefinedMetricType").asText("");
    if (!metric.equals(CPU)) {
      throw AutoScaling.unsupported("target tracking of other metrics than " + CPU);
    }
    return AutoScaling.decimal(target, "TargetValue")
        .filter(value -> value > 0)
        .orElseThrow(() -> AutoScaling.invalid("TargetValue must be above 0"));
  }

  private ObjectNode describe(Call call) {
    List<String> names = call.texts("PolicyNames");
    List<String> kinds = call.texts("PolicyTypes");
    List<GroupState> of =
        call.optional("AutoScalingGroupName").isPresent()
            ? List.of(AutoScaling.group(groups, call))
            : groups.all();
    List<ObjectNode> found = new ArrayList<>();
    for (GroupState group : of) {
      for (ScalingPolicy policy : group.policies()) {
        String arn = shapes.ofGroup(call, "scalingPolicy", group, policy.name());
        boolean named = names.isEmpty() || names.contains(policy.name()) || names.contains(arn);
        if (named && (kinds.isEmpty() || kinds.contains(policy.kind()))) {
          found.add(shown(group.name(), arn, policy));
        }
      }
    }
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("ScalingPolicies");
    AutoScaling.page(call, found, answer).forEach(list::add);
    return answer;
  }

  private static ObjectNode shown(String group, String arn, ScalingPolicy policy) {
    ObjectNode shown = Json.object();
    shown.put("AutoScalingGroupName", group);
    shown.put("PolicyName", policy.name());
    shown.put("PolicyARN", arn);
    shown.put("PolicyType", policy.kind());
    if (!policy.adjustmentType().isEmpty()) {
      shown.put("AdjustmentType", policy.adjustmentType());
    }
    policy.magnitudeMin().ifPresent(n -> shown.put("MinAdjustmentMagnitude", n));
    if (policy.kind().equals("SimpleScaling")) {
      shown.put("ScalingAdjustment", policy.adjustment());
    }
    policy.cooldownSeconds().ifPresent(n -> shown.put("Cooldown", n));
    ArrayNode steps = shown.putArray("StepAdjustments");
    for (ScalingPolicy.Step step : policy.steps()) {
      ObjectNode each = steps.addObject();
      step.lower().ifPresent(n -> each.put("MetricIntervalLowerBound", n));
      step.upper().ifPresent(n -> each.put("MetricIntervalUpperBound", n));
      each.put("ScalingAdjustment", step.adjustment());
    }
    policy.warmupSeconds().ifPresent(n -> shown.put("EstimatedInstanceWarmup", n));
    shown.putArray("Alarms");
    policy
        .target()
        .ifPresent(value -> {
          ObjectNode target = shown.putObject("TargetTrackingConfiguration");
          target.putObject("PredefinedMetricSpecification").put("PredefinedMetricType", CPU);
          target.put("TargetValue", value).put("DisableScaleIn", policy.noScaleIn());
        });
    return shown.put("Enabled", policy.enabled());
  }

  private ObjectNode delete(Call call) {
    GroupState group = named(call);
    groups.ask(group.name(), new GroupRequest.DeletePolicy(name(call)));
    return AutoScaling.nothing();
  }

  private ObjectNode execute(Call call) {
    groups.ask(
        named(call).name(),
        new GroupRequest.ExecutePolicy(
            name(call),
            call.flag("HonorCooldown"),
            AutoScaling.decimal(call.input(), "MetricValue"),
            AutoScaling.decimal(call.input(), "BreachThreshold")));
    return AutoScaling.nothing();
  }

  /** A policy is told by its group and its name, or by its ARN, which ends with both. */
  private static String name(Call call) {
    String given = call.text("PolicyName");
    return given.startsWith("arn:") ? given.substring(given.lastIndexOf('/') + 1) : given;
  }

  private GroupState named(Call call) {
    String given = call.text("PolicyName");
    String group =
        given.startsWith("arn:")
            ? given.replaceFirst(".*:autoScalingGroupName/([^:]*):policyName/.*", "$1")
            : call.text("AutoScalingGroupName");
    return AutoScaling.group(groups, group);
  }
}
