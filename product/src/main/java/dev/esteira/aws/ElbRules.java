package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Ids;
import dev.esteira.base.Json;
import dev.esteira.edge.elb.LoadBalancers;
import dev.esteira.edge.elb.LoadBalancers.Rule;
import dev.esteira.edge.elb.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rules of listeners in the API's words. */
final class ElbRules {
  private static final int PRIORITY_MAX = 50_000;

  private final LoadBalancers balancers;

  ElbRules(ElbFeature.Parts parts) {
    this.balancers = parts.balancers();
  }

  void addTo(Map<String, Operation> operations) {
    operations.put("CreateRule", this::create);
    operations.put("DescribeRules", this::describe);
    operations.put("ModifyRule", this::modify);
    operations.put("DeleteRule", this::delete);
    operations.put("SetRulePriorities", this::setPriorities);
  }

  /** A new name for a rule of this listener. */
  static String arn(String listenerArn) {
    return listenerArn.replace(":listener/", ":listener-rule/") + "/" + Ids.hex(16);
  }

  private ObjectNode create(Call call) {
    View view = balancers.view();
    String listener = call.text("ListenerArn");
    if (view.listener(listener).isEmpty()) {
      throw new AwsException("ListenerNotFound", 400, "One or more listeners not found");
    }
    call.text("Priority");
    Rule rule =
        new Rule(
            arn(listener),
            listener,
            Optional.of(ElbInput.number(call, "Priority", 0, 1, PRIORITY_MAX)),
            ElbConditions.read(call.input().path("Conditions")),
            ElbActions.read(call.input().path("Actions"), view),
            ElbInput.tags(call));
    return shown(List.of(balancers.create(rule)));
  }

  private ObjectNode describe(Call call) {
    View view = balancers.view();
    List<String> arns = call.texts("RuleArns");
    Optional<String> listener = call.optional("ListenerArn");
    if (arns.isEmpty() == listener.isEmpty()) {
      throw ElbInput.invalid("You must specify either listener rule ARNs or a listener ARN");
    }
    listener.ifPresent(arn -> {
      if (view.listener(arn).isEmpty()) {
        throw new AwsException("ListenerNotFound", 400, "One or more listeners not found");
      }
    });
    List<Rule> found =
        listener.isPresent()
            ? view.rulesOf(listener.get())
            : arns.stream().map(arn -> existing(view, arn)).toList();
    ObjectNode answer = Json.object();
    answer.setAll(shown(ElbInput.page(call, found, answer)));
    return answer;
  }

  private static Rule existing(View view, String arn) {
    return view.rule(arn)
        .orElseThrow(() -> new AwsException("RuleNotFound", 400, "One or more rules not found"));
  }

  private static ObjectNode shown(List<Rule> all) {
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("Rules");
    for (Rule each : all) {
      ObjectNode shown = list.addObject();
      shown.put("RuleArn", each.arn());
      shown.put("Priority", each.priority().map(String::valueOf).orElse("default"));
      ArrayNode conditions = shown.putArray("Conditions");
      each.conditions().forEach(condition -> ElbConditions.show(conditions, condition));
      ElbActions.show(shown.putArray("Actions"), each.action());
      shown.put("IsDefault", each.isDefault());
    }
    return answer;
  }

  private ObjectNode modify(Call call) {
    View view = balancers.view();
    Rule before = existing(view, call.text("RuleArn"));
    if (before.isDefault()) {
      throw new AwsException(
          "OperationNotPermitted",
          400,
          "Default rule '" + before.arn() + "' cannot be modified; modify its listener");
    }
    JsonNode conditions = call.input().path("Conditions");
    JsonNode actions = call.input().path("Actions");
    Rule after =
        new Rule(
            before.arn(),
            before.listenerArn(),
            before.priority(),
            conditions.isEmpty() ? before.conditions() : ElbConditions.read(conditions),
            actions.isEmpty() ? before.action() : ElbActions.read(actions, view),
            before.tags());
    balancers.update(List.of(after));
    return shown(List.of(after));
  }

  private ObjectNode delete(Call call) {
    balancers.deleteRule(call.text("RuleArn"));
    return Json.object();
  }

  private ObjectNode setPriorities(Call call) {
    View view = balancers.view();
    List<Rule> changed = new ArrayList<>();
    for (JsonNode each : call.input().path("RulePriorities")) {
      Rule rule = existing(view, each.path("RuleArn").asText());
      int priority = each.path("Priority").asInt();
      if (rule.isDefault() || priority < 1 || priority > PRIORITY_MAX) {
        throw ElbInput.invalid("Priority '" + priority + "' of '" + rule.arn() + "' is not valid");
      }
      changed.add(rule.withPriority(priority));
    }
    balancers.update(changed);
    return shown(changed);
  }
}
