package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.fleet.Instances.Instance;
import dev.esteira.fleet.Invocation;
import dev.esteira.fleet.Invocation.Status;
import dev.esteira.fleet.RunCommands;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Function;

/** Commands and what came of them, as Systems Manager shows them. */
final class SsmCommandShape {
  private static final String PLUGIN = "aws:runShellScript";
  private static final int LISTED_CHARS_MAX = 2_500;
  private static final String CUT = "\n---Output truncated---";
  private static final String ERROR_BELOW = "\n----------ERROR-------\n";
  private static final String AGENT_VERSION = "3.3.0.0";

  private final RunCommands runs;
  private final Function<String, Optional<Instance>> instances;
  private final InstantSource clock;

  SsmCommandShape(
      RunCommands runs, Function<String, Optional<Instance>> instances, InstantSource clock) {
    this.runs = runs;
    this.instances = instances;
    this.clock = clock;
  }

  private static JsonNode asked(RunCommands.Command command) {
    return Json.parse(command.asked());
  }

  ObjectNode command(RunCommands.Command command) {
    JsonNode asked = asked(command);
    Collection<Invocation> all = runs.of(command);
    ObjectNode shown = common(command, asked);
    int seconds = asked.path("TimeoutSeconds").asInt();
    shown.put("ExpiresAfter", command.askedAt().plusSeconds(seconds).toString());
    shown.set("Parameters", asked.path("Parameters"));
    if (asked.path("InstanceIds").isArray()) {
      shown.set("InstanceIds", asked.path("InstanceIds"));
    } else {
      shown.putArray("InstanceIds");
    }
    shown.set(
        "Targets",
        asked.path("Targets").isArray()
            ? asked.path("Targets")
            : Json.object().putArray("Targets"));
    Status status = together(all);
    shown.put("Status", all.isEmpty() ? "Success" : status.word());
    shown.put("StatusDetails", all.isEmpty() ? "NoInstancesInTag" : details(status));
    shown.put("OutputS3BucketName", "").put("OutputS3KeyPrefix", "");
    shown.put("MaxConcurrency", asked.path("MaxConcurrency").asText("50"));
    shown.put("MaxErrors", asked.path("MaxErrors").asText("0"));
    shown.put("TargetCount", all.size());
    shown.put("CompletedCount", all.stream().filter(Invocation::ended).count());
    shown.put(
        "ErrorCount",
        all.stream().filter(Invocation::ended).filter(i -> i.status() != Status.SUCCESS).count());
    shown.put("DeliveryTimedOutCount", 0);
    return shown.put("TimeoutSeconds", seconds);
  }

  private static ObjectNode common(RunCommands.Command command, JsonNode asked) {
    ObjectNode shown = Json.object().put("CommandId", command.id());
    shown.put("DocumentName", asked.path("DocumentName").asText());
    shown.put("DocumentVersion", asked.path("DocumentVersion").asText("$DEFAULT"));
    shown.put("Comment", asked.path("Comment").asText(""));
    shown.put("RequestedDateTime", command.askedAt().toString());
    shown.put("ServiceRole", "");
    shown
        .putObject("NotificationConfig")
        .put("NotificationArn", "")
        .put("NotificationType", "")
        .putArray("NotificationEvents");
    shown
        .putObject("CloudWatchOutputConfig")
        .put("CloudWatchLogGroupName", "")
        .put("CloudWatchOutputEnabled", false);
    return shown;
  }

  /** The worst of them, once all have ended. */
  private static Status together(Collection<Invocation> all) {
    if (!all.stream().allMatch(Invocation::ended)) {
      return Status.IN_PROGRESS;
    }
    return all.stream().map(Invocation::status).max(Status::compareTo).orElse(Status.SUCCESS);
  }

  private static String details(Status status) {
    return status == Status.TIMED_OUT ? "ExecutionTimedOut" : status.word();
  }

  ObjectNode whole(RunCommands.Command command, Invocation invocation) {
    JsonNode asked = asked(command);
    ObjectNode shown = Json.object().put("CommandId", command.id());
    shown.put("InstanceId", invocation.instanceId());
    shown.put("Comment", asked.path("Comment").asText(""));
    shown.put("DocumentName", asked.path("DocumentName").asText());
    shown.put("DocumentVersion", asked.path("DocumentVersion").asText("$DEFAULT"));
    shown.put("PluginName", PLUGIN);
    shown.put("ResponseCode", responseCode(invocation));
    shown.put("ExecutionStartDateTime", invocation.askedAt().toString());
    shown.put("ExecutionElapsedTime", elapsed(invocation));
    shown.put(
        "ExecutionEndDateTime", invocation.endedAt().map(java.time.Instant::toString).orElse(""));
    shown.put("Status", invocation.status().word());
    shown.put("StatusDetails", details(invocation.status()));
    shown.put("StandardOutputContent", invocation.output()).put("StandardOutputUrl", "");
    shown.put("StandardErrorContent", error(invocation)).put("StandardErrorUrl", "");
    shown
        .putObject("CloudWatchOutputConfig")
        .put("CloudWatchLogGroupName", "")
        .put("CloudWatchOutputEnabled", false);
    return shown;
  }

  private static int responseCode(Invocation invocation) {
    return invocation.status() == Status.TIMED_OUT ? 137 : invocation.exitCode().orElse(-1);
  }

  private static String elapsed(Invocation invocation) {
    return invocation
        .endedAt()
        .map(end -> Duration.between(invocation.askedAt(), end).toString())
        .orElse("");
  }

  /** With the line that the agent adds for a script that failed. */
  private static String error(Invocation invocation) {
    return invocation
        .exitCode()
        .filter(code -> code != 0)
        .map(code -> invocation.error() + "failed to run commands: exit status " + code)
        .orElse(invocation.error());
  }

  ObjectNode listed(RunCommands.Command command, Invocation invocation, boolean details) {
    ObjectNode shown = common(command, asked(command));
    shown.put("InstanceId", invocation.instanceId());
    shown.put(
        "InstanceName",
        instances.apply(invocation.instanceId()).map(SsmCommandShape::host).orElse(""));
    shown.put("Status", invocation.status().word());
    shown.put("StatusDetails", details(invocation.status()));
    shown.put("StandardOutputUrl", "").put("StandardErrorUrl", "");
    var plugins = shown.putArray("CommandPlugins");
    if (details) {
      ObjectNode plugin = plugins.addObject().put("Name", PLUGIN);
      plugin.put("Status", invocation.status().word());
      plugin.put("StatusDetails", details(invocation.status()));
      plugin.put("ResponseCode", responseCode(invocation));
      plugin.put("ResponseStartDateTime", invocation.askedAt().toString());
      invocation.endedAt().ifPresent(at -> plugin.put("ResponseFinishDateTime", at.toString()));
      plugin.put("Output", both(invocation));
      plugin.put("StandardOutputUrl", "").put("StandardErrorUrl", "");
      plugin.put("OutputS3BucketName", "").put("OutputS3KeyPrefix", "");
    }
    return shown;
  }

  private static String both(Invocation invocation) {
    String error = error(invocation);
    String all = invocation.output() + (error.isEmpty() ? "" : ERROR_BELOW + error);
    return all.length() <= LISTED_CHARS_MAX
        ? all
        : all.substring(0, LISTED_CHARS_MAX - CUT.length()) + CUT;
  }

  private static String host(Instance instance) {
    return "ip-" + instance.network().privateAddress().replace('.', '-') + ".ec2.internal";
  }

  ObjectNode information(Instance instance) {
    ObjectNode shown = Json.object().put("InstanceId", instance.id());
    shown.put("PingStatus", "Online").put("LastPingDateTime", clock.instant().toString());
    shown.put("AgentVersion", AGENT_VERSION).put("IsLatestVersion", true);
    shown.put("PlatformType", "Linux").put("PlatformName", "Debian GNU/Linux");
    shown.put("PlatformVersion", "12").put("ResourceType", "EC2Instance");
    shown.put("IPAddress", instance.network().privateAddress());
    shown.put("ComputerName", host(instance));
    return shown.put("SourceId", instance.id()).put("SourceType", "AWS::EC2::Instance");
  }
}
