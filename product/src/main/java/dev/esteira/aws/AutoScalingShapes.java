package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.fleet.group.Activity;
import dev.esteira.fleet.group.GroupSettings;
import dev.esteira.fleet.group.GroupState;
import dev.esteira.fleet.group.GroupTag;
import dev.esteira.fleet.group.LaunchSource;
import dev.esteira.fleet.group.LaunchedWith;
import dev.esteira.fleet.group.Member;
import dev.esteira.net.vpc.Clouds;
import dev.esteira.net.vpc.Subnet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** Groups, members and activities in the shapes of the Auto Scaling API. */
final class AutoScalingShapes {
  private final String account;
  private final Clouds clouds;

  AutoScalingShapes(String account, Clouds clouds) {
    this.account = account;
    this.clouds = clouds;
  }

  String arn(Call call, GroupState group) {
    return "arn:aws:autoscaling:%s:%s:autoScalingGroup:%s:autoScalingGroupName/%s"
        .formatted(call.caller().region(), account, Arns.uuid(group.incarnation()), group.name());
  }

  ObjectNode group(Call call, GroupState group) {
    GroupSettings settings = group.settings();
    ObjectNode shown = Json.object();
    shown.put("AutoScalingGroupName", group.name());
    shown.put("AutoScalingGroupARN", arn(call, group));
    source(shown, settings.source());
    shown.put("MinSize", settings.min());
    shown.put("MaxSize", settings.max());
    shown.put("DesiredCapacity", group.desired());
    shown.put("DefaultCooldown", settings.cooldownSeconds());
    zones(settings).forEach(shown.putArray("AvailabilityZones")::add);
    shown.putArray("LoadBalancerNames");
    settings.targetGroups().forEach(shown.putArray("TargetGroupARNs")::add);
    shown.put("HealthCheckType", settings.loadBalanced() ? "ELB" : "EC2");
    shown.put("HealthCheckGracePeriod", settings.graceSeconds());
    state(shown, group);
    rules(shown, settings);
    ArrayNode traffic = shown.putArray("TrafficSources");
    settings
        .targetGroups()
        .forEach(arn -> traffic.addObject().put("Identifier", arn).put("Type", "elbv2"));
    return shown;
  }

  /** Its members, and what became of it. */
  private void state(ObjectNode shown, GroupState group) {
    GroupSettings settings = group.settings();
    ArrayNode instances = shown.putArray("Instances");
    group.members().stream()
        .filter(member -> member.instanceId().isPresent())
        .forEach(member -> instances.add(member(member)));
    shown.put("CreatedTime", group.createdAt().toString());
    ArrayNode suspended = shown.putArray("SuspendedProcesses");
    settings
        .suspended()
        .forEach((name, why) ->
            suspended.addObject().put("ProcessName", name).put("SuspensionReason", why));
    shown.put("VPCZoneIdentifier", String.join(",", settings.subnets()));
    shown.putArray("EnabledMetrics");
    if (group.deleting()) {
      shown.put("Status", "Delete in progress");
    }
    ArrayNode tags = shown.putArray("Tags");
    settings.tags().forEach(tag -> tags.add(tag(group.name(), tag)));
  }

  /** By which rules members end. */
  private static void rules(ObjectNode shown, GroupSettings settings) {
    List<String> policies = settings.terminationPolicies();
    (policies.isEmpty() ? List.of("Default") : policies)
        .forEach(shown.putArray("TerminationPolicies")::add);
    shown.put("NewInstancesProtectedFromScaleIn", settings.protectNew());
    if (settings.lifetimeSecondsMax() > 0) {
      shown.put("MaxInstanceLifetime", settings.lifetimeSecondsMax());
    }
    settings.warmupSeconds().ifPresent(s -> shown.put("DefaultInstanceWarmup", s));
  }

  /** The zones of the group, or those of its subnets. */
  private Set<String> zones(GroupSettings settings) {
    Set<String> zones = new TreeSet<>(settings.zones());
    if (!settings.subnets().isEmpty()) {
      var subnets = clouds.now().subnets();
      settings.subnets().stream()
          .map(subnets::get)
          .filter(Objects::nonNull)
          .map(Subnet::zone)
          .forEach(zones::add);
    }
    return zones;
  }

  static ObjectNode tag(String group, GroupTag tag) {
    return Json.object()
        .put("ResourceId", group)
        .put("ResourceType", "auto-scaling-group")
        .put("Key", tag.key())
        .put("Value", tag.value())
        .put("PropagateAtLaunch", tag.propagate());
  }

  static void source(ObjectNode shown, LaunchSource source) {
    switch (source) {
      case LaunchSource.Configuration(String name) -> shown.put("LaunchConfigurationName", name);
      case LaunchSource.OfTemplate(String id, String name, String version, List<String> types) -> {
        if (types.isEmpty()) {
          shown.set("LaunchTemplate", template(id, name, version));
          return;
        }
        ObjectNode policy = shown.putObject("MixedInstancesPolicy");
        ObjectNode template = policy.putObject("LaunchTemplate");
        template.set("LaunchTemplateSpecification", template(id, name, version));
        ArrayNode overrides = template.putArray("Overrides");
        types.forEach(each -> overrides.addObject().put("InstanceType", each));
        policy
            .putObject("InstancesDistribution")
            .put("OnDemandAllocationStrategy", "prioritized")
            .put("OnDemandBaseCapacity", 0)
            .put("OnDemandPercentageAboveBaseCapacity", 100)
            .put("SpotAllocationStrategy", "lowest-price");
      }
    }
  }

  private static ObjectNode template(String id, String name, String version) {
    return Json.object()
        .put("LaunchTemplateId", id)
        .put("LaunchTemplateName", name)
        .put("Version", version.isEmpty() ? "$Default" : version);
  }

  static ObjectNode member(Member member) {
    ObjectNode shown = Json.object();
    shown.put("InstanceId", member.instanceId().orElse(""));
    shown.put("InstanceType", member.made().instanceType());
    shown.put("AvailabilityZone", member.made().zone());
    shown.put("LifecycleState", member.lifecycle().word());
    shown.put("HealthStatus", member.health().healthy() ? "Healthy" : "Unhealthy");
    LaunchedWith with = member.made().with();
    if (!with.configuration().isEmpty()) {
      shown.put("LaunchConfigurationName", with.configuration());
    }
    if (!with.templateId().isEmpty()) {
      shown.set(
          "LaunchTemplate",
          template(with.templateId(), with.templateName(), with.templateVersion()));
    }
    shown.put("ProtectedFromScaleIn", member.protectedFromScaleIn());
    return shown;
  }

  ObjectNode activity(Call call, Activity activity) {
    ObjectNode shown = Json.object();
    shown.put("ActivityId", activity.id());
    shown.put("AutoScalingGroupName", activity.group());
    shown.put("Description", activity.description());
    shown.put("Cause", activity.cause());
    shown.put("StartTime", activity.startTime().toString());
    activity.endTime().ifPresent(end -> shown.put("EndTime", end.toString()));
    shown.put("StatusCode", activity.statusCode());
    if (!activity.statusMessage().isEmpty()) {
      shown.put("StatusMessage", activity.statusMessage());
    }
    shown.put("Progress", activity.progress());
    shown.put("Details", activity.details());
    shown.put(
        "AutoScalingGroupARN",
        "arn:aws:autoscaling:%s:%s:autoScalingGroup:%s:autoScalingGroupName/%s"
            .formatted(
                call.caller().region(),
                account,
                Arns.uuid(activity.incarnation()),
                activity.group()));
    return shown;
  }

  /** What the last request began, as the calls that return activities do. */
  ArrayNode noted(Call call, GroupState group) {
    ArrayNode list = Json.array();
    group.noted().forEach(activity -> list.add(activity(call, activity)));
    return list;
  }

  String ofGroup(Call call, String kind, GroupState group, String name) {
    return "arn:aws:autoscaling:%s:%s:%s:%s:autoScalingGroupName/%s:%sName/%s"
        .formatted(
            call.caller().region(),
            account,
            kind,
            Arns.uuid(group.incarnation() + name),
            group.name(),
            kind.equals("scalingPolicy") ? "policy" : kind,
            name);
  }
}
