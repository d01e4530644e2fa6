package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.fleet.group.Activity;
import dev.esteira.fleet.group.GroupChange;
import dev.esteira.fleet.group.GroupRequest;
import dev.esteira.fleet.group.GroupSettings;
import dev.esteira.fleet.group.GroupState;
import dev.esteira.fleet.group.Groups;
import dev.esteira.fleet.group.Hook;
import dev.esteira.fleet.group.LaunchSource;
import dev.esteira.net.vpc.Clouds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Groups themselves: made, changed, shown, deleted. */
final class AutoScalingGroups {
  private static final int COOLDOWN_SECONDS_DEFAULT = 300;

  private final Groups groups;
  private final AutoScalingShapes shapes;
  private final Clouds clouds;
  private final AutoScalingSources sources;

  AutoScalingGroups(Groups groups, AutoScalingShapes shapes, Clouds clouds) {
    this.groups = groups;
    this.shapes = shapes;
    this.clouds = clouds;
    this.sources = new AutoScalingSources(groups);
  }

  void addTo(Map<String, Operation> operations) {
    operations.put("CreateAutoScalingGroup", this::create);
    operations.put("UpdateAutoScalingGroup", this::update);
    operations.put("DescribeAutoScalingGroups", this::describe);
    operations.put("DeleteAutoScalingGroup", this::delete);
    operations.put("SetDesiredCapacity", this::setDesired);
    operations.put("DescribeScalingActivities", this::activities);
  }

  private ObjectNode create(Call call) {
    String name = call.text("AutoScalingGroupName");
    refuse(call, "LoadBalancerNames", "PlacementGroup", "CapacityReservationSpecification");
    LaunchSource source =
        sources
            .of(call)
            .orElseThrow(() ->
                AutoScaling.invalid(
                    "Valid requests must contain either LaunchTemplate,"
                        + " LaunchConfigurationName, InstanceId or MixedInstancesPolicy "
                        + "parameter."));
    List<String> subnets = subnets(call).orElse(List.of());
    List<String> zones = zones(call).orElse(List.of());
    if (subnets.isEmpty() && zones.isEmpty()) {
      throw AutoScaling.invalid("At least one Availability Zone or VPC Subnet is required.");
    }
    int min = AutoScaling.integer(call, "MinSize").orElse(0);
    GroupSettings settings =
        new GroupSettings(
            name,
            min,
            AutoScaling.integer(call, "MaxSize").orElse(min),
            source,
            subnets,
            zones,
            targetGroups(call),
            loadBalanced(call).orElse(false),
            AutoScaling.integer(call, "HealthCheckGracePeriod").orElse(0),
            AutoScaling.integer(call, "DefaultCooldown").orElse(COOLDOWN_SECONDS_DEFAULT),
            warmup(call),
            AutoScaling.integer(call, "MaxInstanceLifetime").orElse(0),
            AutoScalingTags.read(call.input().path("Tags")),
            policies(call).orElse(List.of()),
            call.flag("NewInstancesProtectedFromScaleIn"),
            Map.of());
    List<Hook> hooks = new ArrayList<>();
    call.input()
        .path("LifecycleHookSpecificationList")
        .forEach(each -> hooks.add(AutoScalingHooks.read(each, Optional.empty())));
    make(settings, AutoScaling.integer(call, "DesiredCapacity").orElse(min), hooks);
    return AutoScaling.nothing();
  }

  private void make(GroupSettings settings, int desired, List<Hook> hooks) {
    try {
      groups.create(settings, desired, hooks);
    } catch (EsteiraException e) {
      if (e.code() == ErrorCode.CONFLICT) {
        throw new AwsException(
            "AlreadyExists",
            400,
            "AutoScalingGroup by this name already exists - A group with the name "
                + settings.name()
                + " already exists");
      }
      throw e;
    }
  }

  private static void refuse(Call call, String... members) {
    for (String member : members) {
      if (call.input().path(member).size() > 0 || call.optional(member).isPresent()) {
        throw AutoScaling.unsupported(member);
      }
    }
  }

  private Optional<List<String>> subnets(Call call) {
    Optional<List<String>> given =
        call.optional("VPCZoneIdentifier")
            .map(text ->
                Arrays.stream(text.split(","))
                    .map(String::strip)
                    .filter(id -> !id.isEmpty())
                    .toList());
    for (String id : given.orElse(List.of())) {
      if (!clouds.now().subnets().containsKey(id)) {
        throw AutoScaling.invalid("The subnet ID '" + id + "' does not exist");
      }
    }
    return given;
  }

  private static Optional<List<String>> zones(Call call) {
    Optional<List<String>> given = AutoScaling.list(call, "AvailabilityZones");
    for (String zone : given.orElse(List.of())) {
      if (!Clouds.ZONES.contains(zone)) {
        throw AutoScaling.invalid(
            "Invalid availability zones: '" + zone + "' is none of " + Clouds.ZONES);
      }
    }
    return given;
  }

  private static List<String> targetGroups(Call call) {
    List<String> arns = new ArrayList<>(call.texts("TargetGroupARNs"));
    for (JsonNode each : call.input().path("TrafficSources")) {
      arns.add(each.path("Identifier").asText());
    }
    return arns;
  }

  private static Optional<Boolean> loadBalanced(Call call) {
    return call.optional("HealthCheckType")
        .map(type -> {
          List<String> kinds = Arrays.stream(type.split(",")).map(String::strip).toList();
          if (!Set.of("EC2", "ELB").containsAll(kinds)) {
            throw AutoScaling.invalid("Unsupported health check type: " + type);
          }
          return kinds.contains("ELB");
        });
  }

  private static Optional<Integer> warmup(Call call) {
    return AutoScaling.integer(call, "DefaultInstanceWarmup").filter(seconds -> seconds >= 0);
  }

  private static Optional<List<String>> policies(Call call) {
    Optional<List<String>> given = AutoScaling.list(call, "TerminationPolicies");
    for (String policy : given.orElse(List.of())) {
      if (!AutoScalingTypes.TERMINATION_POLICIES.contains(policy)) {
        throw AutoScaling.invalid("Invalid termination policy: " + policy);
      }
    }
    return given;
  }

  private ObjectNode update(Call call) {
    refuse(call, "PlacementGroup", "CapacityReservationSpecification");
    Optional<List<String>> zones = zones(call);
    GroupChange change =
        new GroupChange(
            AutoScaling.integer(call, "MinSize"),
            AutoScaling.integer(call, "MaxSize"),
            AutoScaling.integer(call, "DesiredCapacity"),
            sources.of(call),
            subnets(call).or(() -> zones.map(_ -> List.of())),
            zones,
            loadBalanced(call),
            AutoScaling.integer(call, "HealthCheckGracePeriod"),
            AutoScaling.integer(call, "DefaultCooldown"),
            warmup(call),
            AutoScaling.integer(call, "MaxInstanceLifetime"),
            policies(call),
            AutoScaling.truth(call, "NewInstancesProtectedFromScaleIn"));
    AutoScaling.ask(groups, call, new GroupRequest.Update(change));
    return AutoScaling.nothing();
  }

  private ObjectNode describe(Call call) {
    List<String> names = call.texts("AutoScalingGroupNames");
    List<GroupState> found =
        groups.all().stream()
            .filter(group -> names.isEmpty() || names.contains(group.name()))
            .filter(group -> AutoScalingTags.fits(call, group))
            .toList();
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("AutoScalingGroups");
    AutoScaling.page(call, found, answer).forEach(group -> list.add(shapes.group(call, group)));
    return answer;
  }

  private ObjectNode delete(Call call) {
    boolean force = call.flag("ForceDelete");
    GroupState group = AutoScaling.group(groups, call);
    try {
      groups.ask(group.name(), new GroupRequest.Delete(force));
    } catch (EsteiraException e) {
      throw e.code() == ErrorCode.CONFLICT && e.text().contains("instances or pending")
          ? new AwsException("ResourceInUse", 400, e.text())
          : e;
    }
    if (group.members().isEmpty()) {
      groups.forget(group.name());
    }
    return AutoScaling.nothing();
  }

  private ObjectNode setDesired(Call call) {
    int desired = AutoScaling.integer(call, "DesiredCapacity").orElse(0);
    AutoScaling.ask(groups, call, new GroupRequest.SetDesired(desired, call.flag("HonorCooldown")));
    return AutoScaling.nothing();
  }

  private ObjectNode activities(Call call) {
    String name = call.optional("AutoScalingGroupName").orElse("");
    boolean deleted = call.flag("IncludeDeletedGroups");
    if (!name.isEmpty() && !deleted) {
      AutoScaling.group(groups, name);
    }
    Set<String> alive = Set.copyOf(groups.all().stream().map(GroupState::incarnation).toList());
    List<String> ids = call.texts("ActivityIds");
    List<Activity> found =
        groups.activities(name).stream()
            .filter(each -> deleted || alive.contains(each.incarnation()))
            .filter(each -> ids.isEmpty() || ids.contains(each.id()))
            .toList();
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("Activities");
    AutoScaling.page(call, found, answer).forEach(each -> list.add(shapes.activity(call, each)));
    return answer;
  }
}
