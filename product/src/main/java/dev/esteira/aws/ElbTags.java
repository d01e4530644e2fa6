package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.edge.elb.LoadBalancer;
import dev.esteira.edge.elb.LoadBalancers;
import dev.esteira.edge.elb.LoadBalancers.Listener;
import dev.esteira.edge.elb.LoadBalancers.Rule;
import dev.esteira.edge.elb.View;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Tags of load balancers, target groups, listeners and rules. */
final class ElbTags {
  private final LoadBalancers balancers;

  ElbTags(LoadBalancers balancers) {
    this.balancers = balancers;
  }

  void addTo(Map<String, Operation> operations) {
    operations.put("AddTags", this::add);
    operations.put("RemoveTags", this::remove);
    operations.put("DescribeTags", this::describe);
  }

  private ObjectNode add(Call call) {
    Map<String, String> added = ElbInput.tags(call);
    for (String arn : call.texts("ResourceArns")) {
      change(
          arn,
          before -> {
            before.putAll(added);
            return before;
          });
    }
    return Json.object();
  }

  private ObjectNode remove(Call call) {
    List<String> removed = call.texts("TagKeys");
    for (String arn : call.texts("ResourceArns")) {
      change(
          arn,
          before -> {
            before.keySet().removeAll(removed);
            return before;
          });
    }
    return Json.object();
  }

  private void change(String arn, UnaryOperator<Map<String, String>> change) {
    Map<String, String> next = change.apply(new TreeMap<>(tags(balancers.view(), arn)));
    View view = balancers.view();
    view.loadBalancer(arn).ifPresent(each -> balancers.update(each.withTags(next)));
    view.targetGroup(arn).ifPresent(each -> balancers.update(each.withTags(next)));
    view.rule(arn).ifPresent(each -> balancers.update(List.of(each.withTags(next))));
    view.listener(arn)
        .ifPresent(
            (Listener each) -> balancers.update(each.withTags(next), view.rulesOf(arn).getLast()));
  }

  private ObjectNode describe(Call call) {
    ObjectNode answer = Json.object();
    ArrayNode all = answer.putArray("TagDescriptions");
    for (String arn : call.texts("ResourceArns")) {
      ObjectNode shown = all.addObject().put("ResourceArn", arn);
      ArrayNode list = shown.putArray("Tags");
      new TreeMap<>(tags(balancers.view(), arn))
          .forEach((key, value) -> list.addObject().put("Key", key).put("Value", value));
    }
    return answer;
  }

  private static Map<String, String> tags(View view, String arn) {
    return view.loadBalancer(arn)
        .map(LoadBalancer::tags)
        .or(() -> view.targetGroup(arn).map(LoadBalancers.TargetGroup::tags))
        .or(() -> view.listener(arn).map(Listener::tags))
        .or(() -> view.rule(arn).map(Rule::tags))
        .orElseThrow(() -> missing(arn));
  }

  private static AwsException missing(String arn) {
    String code =
        arn.contains(":targetgroup/")
            ? "TargetGroupNotFound"
            : arn.contains(":listener/")
                ? "ListenerNotFound"
                : arn.contains(":listener-rule/") ? "RuleNotFound" : "LoadBalancerNotFound";
    return new AwsException(code, 400, "'" + arn + "' not found");
  }
}
