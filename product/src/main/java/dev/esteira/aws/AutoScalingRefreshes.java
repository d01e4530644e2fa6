package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Ids;
import dev.esteira.base.Json;
import dev.esteira.fleet.group.GroupRequest;
import dev.esteira.fleet.group.GroupState;
import dev.esteira.fleet.group.Groups;
import dev.esteira.fleet.group.LaunchSource;
import dev.esteira.fleet.group.Refresh;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Instance refreshes. */
final class AutoScalingRefreshes {
  private static final int MIN_HEALTHY_DEFAULT = 90;
  private static final int CHECKPOINT_DELAY_SECONDS_DEFAULT = 3_600;

  private final Groups groups;

  AutoScalingRefreshes(Groups groups) {
    this.groups = groups;
  }

  void addTo(Map<String, Operation> operations) {
    operations.put("StartInstanceRefresh", this::start);
    operations.put("DescribeInstanceRefreshes", this::describe);
    operations.put("CancelInstanceRefresh", this::cancel);
    operations.put("RollbackInstanceRefresh", this::rollback);
  }

  private ObjectNode start(Call call) {
    String strategy = call.optional("Strategy").orElse("Rolling");
    if (!strategy.equals("Rolling")) {
      throw AutoScaling.unsupported("the refresh strategy " + strategy);
    }
    Refresh.Preferences preferences = preferences(call.input().path("Preferences"));
    String id = Arns.uuid(Ids.hex(16));
    try {
      AutoScaling.ask(
          groups,
          call,
          new GroupRequest.StartRefresh(
              id, preferences, source(call.input().path("DesiredConfiguration"))));
    } catch (EsteiraException e) {
      throw e.code() == ErrorCode.CONFLICT
          ? new AwsException("InstanceRefreshInProgress", 400, e.text())
          : e;
    }
    return Json.object().put("InstanceRefreshId", id);
  }

  private Optional<LaunchSource> source(JsonNode desired) {
    AutoScalingSources sources = new AutoScalingSources(groups);
    if (desired.has("LaunchTemplate")) {
      return Optional.of(sources.template(desired.path("LaunchTemplate"), List.of()));
    }
    return desired.has("MixedInstancesPolicy")
        ? Optional.of(sources.mixed(desired.path("MixedInstancesPolicy")))
        : Optional.empty();
  }

  private static Refresh.Preferences preferences(JsonNode given) {
    if (given.has("AlarmSpecification")) {
      throw AutoScaling.unsupported("AlarmSpecification of instance refreshes");
    }
    int min = AutoScaling.integer(given, "MinHealthyPercentage").orElse(MIN_HEALTHY_DEFAULT);
    int max = AutoScaling.integer(given, "MaxHealthyPercentage").orElse(100);
    if (min < 0 || min > 100 || max < 100 || max > 200) {
      throw AutoScaling.invalid(
          "MinHealthyPercentage must be within 0-100 and MaxHealthyPercentage within 100-200");
    }
    if (given.has("MaxHealthyPercentage") && max - min > 100) {
      throw AutoScaling.invalid(
          "The difference between MinHealthyPercentage and MaxHealthyPercentage cannot be greater"
              + " than 100.");
    }
    List<Integer> checkpoints = new ArrayList<>();
    given.path("CheckpointPercentages").forEach(each -> checkpoints.add(each.asInt()));
    return new Refresh.Preferences(
        min,
        max,
        AutoScaling.integer(given, "InstanceWarmup").filter(seconds -> seconds >= 0),
        given.path("SkipMatching").asBoolean(false),
        given.path("AutoRollback").asBoolean(false),
        checkpoints,
        AutoScaling.integer(given, "CheckpointDelay").orElse(CHECKPOINT_DELAY_SECONDS_DEFAULT),
        given.path("ScaleInProtectedInstances").asText("Wait"),
        given.path("StandbyInstances").asText("Wait"));
  }

  private ObjectNode describe(Call call) {
    GroupState group = AutoScaling.group(groups, call);
    List<String> ids = call.texts("InstanceRefreshIds");
    List<Refresh> found =
        group.refreshes().reversed().stream()
            .filter(refresh -> ids.isEmpty() || ids.contains(refresh.id()))
            .toList();
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("InstanceRefreshes");
    AutoScaling.page(call, found, answer)
        .forEach(refresh -> list.add(shown(group.name(), refresh)));
    return answer;
  }

  private static ObjectNode shown(String group, Refresh refresh) {
    ObjectNode shown = Json.object();
    shown.put("InstanceRefreshId", refresh.id());
    shown.put("AutoScalingGroupName", group);
    shown.put("Status", refresh.status().word());
    if (!refresh.reason().isEmpty()) {
      shown.put("StatusReason", refresh.reason());
    }
    shown.put("StartTime", refresh.startedAt().toString());
    refresh.endedAt().ifPresent(end -> shown.put("EndTime", end.toString()));
    shown.put("PercentageComplete", refresh.percentage());
    shown.put("InstancesToUpdate", refresh.old().size());
    Refresh.Preferences wish = refresh.preferences();
    ObjectNode preferences = shown.putObject("Preferences");
    preferences.put("MinHealthyPercentage", wish.minHealthyPercentage());
    preferences.put("MaxHealthyPercentage", wish.maxHealthyPercentage());
    wish.warmupSeconds().ifPresent(seconds -> preferences.put("InstanceWarmup", seconds));
    if (!wish.checkpoints().isEmpty()) {
      wish.checkpoints().forEach(preferences.putArray("CheckpointPercentages")::add);
      preferences.put("CheckpointDelay", wish.checkpointDelaySeconds());
    }
    preferences.put("SkipMatching", wish.skipMatching());
    preferences.put("AutoRollback", wish.autoRollback());
    preferences.put("ScaleInProtectedInstances", wish.protectedInstances());
    preferences.put("StandbyInstances", wish.standbyInstances());
    refresh
        .desired()
        .ifPresent(
            source -> AutoScalingShapes.source(shown.putObject("DesiredConfiguration"), source));
    shown.put("Strategy", "Rolling");
    return shown;
  }

  private ObjectNode cancel(Call call) {
    return change(call, new GroupRequest.CancelRefresh());
  }

  private ObjectNode rollback(Call call) {
    return change(call, new GroupRequest.RollbackRefresh());
  }

  private ObjectNode change(Call call, GroupRequest request) {
    try {
      GroupState after = AutoScaling.ask(groups, call, request);
      return Json.object().put("InstanceRefreshId", after.refreshes().getLast().id());
    } catch (EsteiraException e) {
      throw e.code() == ErrorCode.NOT_FOUND
          ? new AwsException("ActiveInstanceRefreshNotFound", 400, e.text())
          : e;
    }
  }
}
