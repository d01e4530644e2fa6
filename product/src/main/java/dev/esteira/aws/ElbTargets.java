package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.edge.elb.LoadBalancers;
import dev.esteira.edge.elb.LoadBalancers.Described;
import dev.esteira.edge.elb.LoadBalancers.Target;
import dev.esteira.edge.elb.LoadBalancers.TargetGroup;
import dev.esteira.edge.elb.Targets.Health;
import dev.esteira.edge.elb.Targets.TargetHealth;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Targets and their health in the API's words. */
final class ElbTargets {
  private static final Pattern INSTANCE = Pattern.compile("i-[0-9a-f]{8}([0-9a-f]{9})?");
  private static final Pattern ADDRESS = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

  private final ElbFeature.Parts parts;
  private final LoadBalancers balancers;

  ElbTargets(ElbFeature.Parts parts) {
    this.parts = parts;
    this.balancers = parts.balancers();
  }

  void addTo(Map<String, Operation> operations) {
    operations.put("RegisterTargets", this::register);
    operations.put("DeregisterTargets", this::deregister);
    operations.put("DescribeTargetHealth", this::health);
  }

  private ObjectNode register(Call call) {
    TargetGroup group = existing(call);
    List<Target> targets = new ArrayList<>();
    for (JsonNode each : call.input().path("Targets")) {
      String id = each.path("Id").asText();
      checkId(group, id);
      targets.add(new Target(id, port(each, group)));
    }
    balancers.register(group.arn(), targets);
    return Json.object();
  }

  private void checkId(TargetGroup group, String id) {
    boolean instance = group.targetType().equals("instance");
    if (!(instance ? INSTANCE : ADDRESS).matcher(id).matches()) {
      throw instance
          ? new AwsException("ValidationError", 400, "Instance ID '" + id + "' is not valid")
          : new AwsException(
              "ValidationError", 400, "The IP address '" + id + "' is not a valid IPv4 address");
    }
    if (instance && parts.clouds().now().interfaceOf("instance/" + id).isEmpty()) {
      throw new AwsException(
          "InvalidTarget",
          400,
          "The following targets are not in a running state and cannot be registered: '"
              + id
              + "'");
    }
  }

  private static int port(JsonNode target, TargetGroup group) {
    int port = target.path("Port").asInt(group.port());
    if (port < 1 || port > 65_535) {
      throw ElbInput.invalid("Port '" + port + "' must be between 1 and 65535");
    }
    return port;
  }

  /** Without a port, a target is taken out at all its ports. */
  private ObjectNode deregister(Call call) {
    TargetGroup group = existing(call);
    List<Described> present = balancers.described(group.arn());
    List<Target> targets = new ArrayList<>();
    for (JsonNode each : call.input().path("Targets")) {
      String id = each.path("Id").asText();
      List<Target> known =
          present.stream().map(Described::target).filter(t -> t.id().equals(id)).toList();
      if (each.has("Port") || known.isEmpty()) {
        targets.add(new Target(id, port(each, group)));
      } else {
        targets.addAll(known);
      }
    }
    balancers.deregister(group.arn(), targets);
    return Json.object();
  }

  private ObjectNode health(Call call) {
    TargetGroup group = existing(call);
    List<Described> present = balancers.described(group.arn());
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("TargetHealthDescriptions");
    if (!call.input().has("Targets")) {
      present.forEach(each -> show(list.addObject(), each));
      return answer;
    }
    for (JsonNode each : call.input().path("Targets")) {
      Target wanted = new Target(each.path("Id").asText(), port(each, group));
      present.stream()
          .filter(known -> known.target().equals(wanted))
          .findFirst()
          .ifPresentOrElse(
              known -> show(list.addObject(), known),
              () -> show(list.addObject(), unregistered(wanted)));
    }
    return answer;
  }

  private static Described unregistered(Target target) {
    return new Described(
        target,
        target.port(),
        new TargetHealth(
            Health.UNUSED, "Target.NotRegistered", "Target is not registered to the target group"));
  }

  private static void show(ObjectNode shown, Described each) {
    shown.putObject("Target").put("Id", each.target().id()).put("Port", each.target().port());
    shown.put("HealthCheckPort", String.valueOf(each.checkPort()));
    ObjectNode health = shown.putObject("TargetHealth");
    health.put("State", each.health().health().name().toLowerCase(Locale.ROOT));
    if (!each.health().reason().isEmpty()) {
      health.put("Reason", each.health().reason());
      health.put("Description", each.health().description());
    }
  }

  private TargetGroup existing(Call call) {
    return balancers
        .view()
        .targetGroup(call.text("TargetGroupArn"))
        .orElseThrow(() ->
            new AwsException("TargetGroupNotFound", 400, "One or more target groups not found"));
  }
}
