package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.fleet.Fleet;
import dev.esteira.fleet.Instances.Instance;
import dev.esteira.fleet.Instances.State;
import dev.esteira.fleet.Invocation;
import dev.esteira.fleet.RunCommands;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Run Command of Systems Manager: shell scripts in instances, which delivery scripts use in place
 * of SSH. The document {@code AWS-RunShellScript} alone. As on AWS an instance takes part when it
 * runs and has an instance profile.
 */
public final class SsmCommands extends AwsFeature {
  static final String DOCUMENT = "AWS-RunShellScript";
  private static final int TIMEOUT_SECONDS = 3_600;
  private static final int LIMIT_SECONDS_MAX = 172_800;
  private static final int INSTANCES_MAX = 50;
  private static final String DIRECTORY = "/usr/bin";

  private final Fleet fleet;
  private final RunCommands runs;
  private final SsmCommandShape shape;

  public SsmCommands(Fleet fleet, InstantSource clock) {
    this.fleet = fleet;
    this.runs = fleet.runCommands();
    this.shape = new SsmCommandShape(runs, id -> fleet.instances().instance(id), clock);
  }

  @Override
  String service() {
    return "ssm";
  }

  @Override
  String model() {
    return "ssm";
  }

  @Override
  Map<String, Operation> operations() {
    Map<String, Operation> all = new HashMap<>();
    all.put("SendCommand", this::send);
    all.put("GetCommandInvocation", this::invocation);
    all.put("ListCommandInvocations", this::invocations);
    all.put("ListCommands", this::list);
    all.put("CancelCommand", this::cancel);
    all.put("DescribeInstanceInformation", this::information);
    return all;
  }

  private ObjectNode send(Call call) {
    String document = call.text("DocumentName").replaceFirst("^arn:.*:document/", "");
    if (!document.equals(DOCUMENT)) {
      throw refused(
          "InvalidDocument", "esteira does not support the document " + document + ": " + DOCUMENT);
    }
    if (call.optional("OutputS3BucketName").filter(name -> !name.isEmpty()).isPresent()
        || call.input()
            .path("CloudWatchOutputConfig")
            .path("CloudWatchOutputEnabled")
            .asBoolean()) {
      throw refused(
          "InvalidOutputFolder",
          "esteira does not support output to S3 or CloudWatch: ask for it with"
              + " get-command-invocation");
    }
    JsonNode parameters = call.input().path("Parameters");
    List<String> lines = texts(parameters.path("commands"));
    if (lines.isEmpty()) {
      throw refused("InvalidParameters", "Parameter \"commands\" requires a value.");
    }
    List<String> targets = targets(call);
    ObjectNode asked = call.input().deepCopy().put("DocumentName", document);
    if (!asked.has("TimeoutSeconds")) {
      asked.put("TimeoutSeconds", TIMEOUT_SECONDS);
    }
    RunCommands.Script script =
        new RunCommands.Script(
            String.join("\n", lines),
            first(parameters, "workingDirectory").orElse(DIRECTORY),
            first(parameters, "executionTimeout").map(SsmCommands::limit).orElse(TIMEOUT_SECONDS));
    ObjectNode answer = Json.object();
    answer.set("Command", shape.command(runs.send(script, targets, asked.toString())));
    return answer;
  }

  private static int limit(String text) {
    int seconds = text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : 0;
    if (seconds < 1 || seconds > LIMIT_SECONDS_MAX) {
      throw refused("InvalidParameters", "executionTimeout '" + text + "' is not 1 to 172800");
    }
    return seconds;
  }

  private static Optional<String> first(JsonNode parameters, String name) {
    return texts(parameters.path(name)).stream().filter(text -> !text.isBlank()).findFirst();
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(each -> texts.add(each.asText()));
    return texts;
  }

  /** Named ones must all take part; targets are those that do. */
  private List<String> targets(Call call) {
    List<String> named = new ArrayList<>(call.texts("InstanceIds"));
    JsonNode targets = call.input().path("Targets");
    if (named.isEmpty() && targets.isEmpty()) {
      throw refused("InvalidParameters", "give instance ids or targets");
    }
    for (JsonNode target : targets) {
      if (target.path("Key").asText().equalsIgnoreCase("InstanceIds")) {
        named.addAll(texts(target.path("Values")));
      }
    }
    if (named.size() > INSTANCES_MAX) {
      throw refused("InvalidParameters", "at most " + INSTANCES_MAX + " instances are named");
    }
    named.forEach(id -> require(id));
    if (!named.isEmpty()) {
      return named.stream().distinct().toList();
    }
    return fleet.instances().all().stream()
        .filter(SsmCommands::takesPart)
        .filter(each -> all(targets, target -> chosen(each, target)))
        .map(Instance::id)
        .toList();
  }

  private static boolean all(JsonNode list, java.util.function.Predicate<JsonNode> test) {
    for (JsonNode each : list) {
      if (!test.test(each)) {
        return false;
      }
    }
    return true;
  }

  private static boolean chosen(Instance instance, JsonNode target) {
    String key = target.path("Key").asText();
    List<String> values = texts(target.path("Values"));
    if (key.startsWith("tag:")) {
      String value = instance.tags().get(key.substring("tag:".length()));
      return value != null && values.contains(value);
    }
    if (key.equals("tag-key")) {
      return values.stream().anyMatch(instance.tags()::containsKey);
    }
    throw refused("InvalidTarget", "esteira does not support the target key '" + key + "'");
  }

  static boolean takesPart(Instance instance) {
    return instance.state() == State.RUNNING && instance.template().instanceProfile().isPresent();
  }

  private void require(String id) {
    Optional<Instance> found = fleet.instances().instance(id);
    if (found.filter(SsmCommands::takesPart).isEmpty()) {
      throw refused(
          "InvalidInstanceId",
          "Instances [["
              + id
              + "]] not in a valid state for account: "
              + found
                  .map(each ->
                      each.state() == State.RUNNING
                          ? "it has no instance profile, so its agent could not register"
                          : "it is " + each.state().word())
                  .orElse("there is none"));
    }
  }

  private static AwsException refused(String code, String text) {
    return new AwsException(code, 400, text);
  }

  private RunCommands.Command command(String id) {
    return runs.command(id)
        .orElseThrow(() -> refused("InvalidCommandId", "there is no command " + id));
  }

  private ObjectNode invocation(Call call) {
    RunCommands.Command command =
        runs.command(call.text("CommandId"))
            .orElseThrow(() -> refused("InvalidCommandId", "there is no such command"));
    Invocation found =
        runs.invocation(command.id(), call.text("InstanceId"))
            .orElseThrow(() ->
                refused("InvocationDoesNotExist", "the command was not sent to this instance"));
    return shape.whole(command, found);
  }

  private ObjectNode invocations(Call call) {
    Optional<String> id = call.optional("CommandId");
    List<RunCommands.Command> commands =
        id.map(each -> List.of(command(each))).orElseGet(runs::commands);
    List<ObjectNode> found = new ArrayList<>();
    for (RunCommands.Command command : commands) {
      for (Invocation each : runs.of(command)) {
        if (call.optional("InstanceId").filter(i -> !i.equals(each.instanceId())).isEmpty()) {
          found.add(shape.listed(command, each, call.flag("Details")));
        }
      }
    }
    return listed(call, "CommandInvocations", filtered(call, found));
  }

  private ObjectNode list(Call call) {
    List<RunCommands.Command> commands =
        call.optional("CommandId").map(id -> List.of(command(id))).orElseGet(runs::commands);
    Optional<String> instance = call.optional("InstanceId");
    List<ObjectNode> found =
        commands.stream()
            .filter(each -> instance.isEmpty() || each.instanceIds().contains(instance.get()))
            .map(shape::command)
            .toList();
    return listed(call, "Commands", filtered(call, found));
  }

  private static List<ObjectNode> filtered(Call call, List<ObjectNode> all) {
    List<ObjectNode> left = all;
    for (JsonNode filter : call.input().path("Filters")) {
      String key = filter.path("key").asText();
      String member =
          switch (key) {
            case "Status" -> "Status";
            case "DocumentName" -> "DocumentName";
            default ->
                throw refused("InvalidFilterKey", "esteira does not support the filter " + key);
          };
      String value = filter.path("value").asText();
      left = left.stream().filter(each -> each.path(member).asText().equals(value)).toList();
    }
    return left;
  }

  private static ObjectNode listed(Call call, String member, List<ObjectNode> all) {
    Page<ObjectNode> page = Page.of(call, "MaxResults", "NextToken", all, INSTANCES_MAX);
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray(member);
    page.items().forEach(list::add);
    page.nextToken().ifPresent(token -> answer.put("NextToken", token));
    return answer;
  }

  private ObjectNode cancel(Call call) {
    runs.cancel(command(call.text("CommandId")), call.texts("InstanceIds"));
    return Json.object();
  }

  private ObjectNode information(Call call) {
    List<ObjectNode> found =
        fleet.instances().all().stream()
            .filter(SsmCommands::takesPart)
            .filter(each -> wanted(call, each))
            .map(shape::information)
            .toList();
    return listed(call, "InstanceInformationList", found);
  }

  private static boolean wanted(Call call, Instance instance) {
    for (JsonNode filter : call.input().path("Filters")) {
      if (!wanted(instance, filter.path("Key").asText(), texts(filter.path("Values")))) {
        return false;
      }
    }
    for (JsonNode filter : call.input().path("InstanceInformationFilterList")) {
      if (!wanted(instance, filter.path("key").asText(), texts(filter.path("valueSet")))) {
        return false;
      }
    }
    return true;
  }

  private static boolean wanted(Instance instance, String key, List<String> values) {
    return switch (key) {
      case "InstanceIds" -> values.contains(instance.id());
      case "PingStatus" -> values.contains("Online");
      case "PlatformTypes" -> values.contains("Linux");
      case "ResourceType" -> values.contains("EC2Instance");
      default -> {
        if (!key.startsWith("tag")) {
          throw refused("InvalidFilterKey", "esteira does not support the filter " + key);
        }
        String value = instance.tags().get(key.substring(key.indexOf(':') + 1));
        yield key.equals("tag-key")
            ? values.stream().anyMatch(instance.tags()::containsKey)
            : value != null && values.contains(value);
      }
    };
  }
}
