package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.edge.Routing.Action;
import dev.esteira.edge.Routing.Weighted;
import dev.esteira.edge.elb.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Actions of rules, from the API's words and back. */
final class ElbActions {
  private static final int GROUPS_MAX = 5;
  private static final int BODY_CHARS_MAX = 1_024;
  private static final Set<String> CONTENT_TYPES =
      Set.of("text/plain", "text/css", "text/html", "application/javascript", "application/json");

  private ElbActions() {}

  /** The one action of a rule. */
  static Action read(JsonNode actions, View view) {
    if (actions.size() != 1) {
      for (JsonNode each : actions) {
        if (each.path("Type").asText().startsWith("authenticate-")) {
          throw ElbInput.unsupported("actions of type " + each.path("Type").asText());
        }
      }
      throw new AwsException(
          "InvalidLoadBalancerAction", 400, "You must specify exactly one action");
    }
    JsonNode action = actions.get(0);
    return switch (action.path("Type").asText()) {
      case "forward" -> forward(action, view);
      case "redirect" -> redirect(action.path("RedirectConfig"));
      case "fixed-response" -> fixed(action.path("FixedResponseConfig"));
      default -> throw ElbInput.unsupported("actions of type " + action.path("Type").asText());
    };
  }

  private static Action forward(JsonNode action, View view) {
    List<Weighted> targets = new ArrayList<>();
    JsonNode config = action.path("ForwardConfig");
    if (config.path("TargetGroupStickinessConfig").path("Enabled").asBoolean(false)) {
      throw ElbInput.unsupported("stickiness between the target groups of a rule");
    }
    for (JsonNode each : config.path("TargetGroups")) {
      int weight = each.path("Weight").asInt(1);
      if (weight < 0 || weight > 999) {
        throw ElbInput.invalid("Target group weight '" + weight + "' must be between 0 and 999");
      }
      targets.add(new Weighted(each.path("TargetGroupArn").asText(), weight));
    }
    String arn = action.path("TargetGroupArn").asText("");
    if (targets.isEmpty() && !arn.isEmpty()) {
      targets.add(new Weighted(arn, 1));
    }
    if (targets.isEmpty() || targets.size() > GROUPS_MAX) {
      throw new AwsException(
          "InvalidLoadBalancerAction",
          400,
          "A forward action must have 1 to " + GROUPS_MAX + " target groups");
    }
    for (Weighted each : targets) {
      if (view.targetGroup(each.service()).isEmpty()) {
        throw new AwsException(
            "TargetGroupNotFound", 400, "Target groups '[" + each.service() + "]' not found");
      }
    }
    return new Action.Forward(targets);
  }

  private static Action redirect(JsonNode config) {
    String status = config.path("StatusCode").asText();
    if (!status.equals("HTTP_301") && !status.equals("HTTP_302")) {
      throw ElbInput.invalid("Redirect status code '" + status + "' is not HTTP_301 or HTTP_302");
    }
    Action.Redirect redirect =
        new Action.Redirect(
            Integer.parseInt(status.substring(5)),
            config.path("Protocol").asText("#{protocol}"),
            config.path("Host").asText("#{host}"),
            config.path("Port").asText("#{port}"),
            config.path("Path").asText("/#{path}"),
            config.path("Query").asText("#{query}"));
    if (redirect.protocol().equals("#{protocol}")
        && redirect.host().equals("#{host}")
        && redirect.port().equals("#{port}")
        && redirect.path().equals("/#{path}")) {
      throw new AwsException(
          "InvalidLoadBalancerAction",
          400,
          "You must modify at least one of protocol, hostname, port or path, or it is a loop");
    }
    if (!Set.of("HTTP", "HTTPS", "#{protocol}").contains(redirect.protocol())
        || !redirect.path().startsWith("/")) {
      throw ElbInput.invalid("Redirect protocol or path is not valid: " + config);
    }
    return redirect;
  }

  private static Action fixed(JsonNode config) {
    String status = config.path("StatusCode").asText();
    String body = config.path("MessageBody").asText("");
    String type = config.path("ContentType").asText("");
    if (!status.matches("[245][0-9]{2}")) {
      throw ElbInput.invalid("Fixed response status code '" + status + "' is not 2XX, 4XX or 5XX");
    }
    if (body.length() > BODY_CHARS_MAX) {
      throw ElbInput.invalid("The message body must have at most 1024 characters");
    }
    if (!type.isEmpty() && !CONTENT_TYPES.contains(type)) {
      throw ElbInput.invalid("Fixed response content type '" + type + "' is not supported");
    }
    return new Action.Fixed(Integer.parseInt(status), type, body);
  }

  static void show(ArrayNode list, Action action) {
    ObjectNode shown = list.addObject();
    switch (action) {
      case Action.Forward(List<Weighted> targets) -> {
        shown.put("Type", "forward");
        if (targets.size() == 1) {
          shown.put("TargetGroupArn", targets.getFirst().service());
        }
        ObjectNode config = shown.putObject("ForwardConfig");
        ArrayNode groups = config.putArray("TargetGroups");
        targets.forEach(each ->
            groups.addObject().put("TargetGroupArn", each.service()).put("Weight", each.weight()));
        config.putObject("TargetGroupStickinessConfig").put("Enabled", false);
      }
      case Action.Redirect r -> {
        shown.put("Type", "redirect");
        ObjectNode config = shown.putObject("RedirectConfig");
        config.put("Protocol", r.protocol()).put("Port", r.port()).put("Host", r.host());
        config.put("Path", r.path()).put("Query", r.query());
        config.put("StatusCode", "HTTP_" + r.status());
      }
      case Action.Fixed(int status, String type, String body) -> {
        shown.put("Type", "fixed-response");
        ObjectNode config = shown.putObject("FixedResponseConfig");
        config.put("StatusCode", String.valueOf(status));
        if (!body.isEmpty()) {
          config.put("MessageBody", body);
        }
        if (!type.isEmpty()) {
          config.put("ContentType", type);
        }
      }
    }
  }
}
