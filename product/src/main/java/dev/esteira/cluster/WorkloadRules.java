package dev.esteira.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/** What is refused in Deployments and ReplicaSets. */
final class WorkloadRules {
  private WorkloadRules() {}

  static void check(Kind kind, ObjectNode object, Optional<ObjectNode> old, Violations out) {
    ObjectNode spec = Trees.object(object, "spec");
    for (String field :
        List.of("replicas", "minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds")) {
      if (Trees.number(spec, field) < 0) {
        out.invalid(
            "spec." + field, Trees.number(spec, field), "must be greater than or equal to 0");
      }
    }
    template(kind, spec, out);
    if (kind == Kind.DEPLOYMENT) {
      strategy(spec, out);
      long deadline = Trees.number(spec, "progressDeadlineSeconds");
      if (deadline >= 0 && deadline <= Trees.number(spec, "minReadySeconds")) {
        out.invalid(
            "spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds");
      }
    }
    if (old.isPresent() && !spec.path("selector").equals(old.get().at("/spec/selector"))) {
      out.invalidRaw("spec.selector", goSelector(spec.path("selector")), "field is immutable");
    }
  }

  private static void template(Kind kind, ObjectNode spec, Violations out) {
    JsonNode selector = spec.path("selector");
    ObjectNode template =
        spec.get("template") instanceof ObjectNode node ? node : spec.objectNode();
    if (!selector.isObject()) {
      out.required("spec.selector");
    } else if (LabelSelector.of(selector).requirements().isEmpty()) {
      String noun = kind.kind().toLowerCase(java.util.Locale.ROOT);
      out.invalidRaw(
          "spec.selector", goSelector(selector), "empty selector is invalid for " + noun);
    } else {
      NameRules.labelMap(Trees.texts(selector, "matchLabels"), "spec.selector.matchLabels", out);
    }
    JsonNode labels = template.at("/metadata/labels");
    boolean matches =
        selector.isObject()
            && LabelSelector.of(selector).matches(Trees.texts(template, "metadata", "labels"));
    if (selector.isObject() && !matches) {
      out.invalidRaw(
          "spec.template.metadata.labels",
          labels.isObject() ? Violations.goMap(labels) : "map[string]string(nil)",
          "`selector` does not match template `labels`");
    }
    NameRules.labels(template, "spec.template", out);
    ObjectNode pod = template.get("spec") instanceof ObjectNode node ? node : template.objectNode();
    PodRules.spec(pod, "spec.template.spec", out);
    String restarts = Trees.text(pod, "restartPolicy");
    if (!restarts.isEmpty() && !restarts.equals("Always")) {
      out.unsupported("spec.template.spec.restartPolicy", restarts, List.of("Always"));
    }
  }

  private static String goSelector(JsonNode selector) {
    JsonNode labels = selector.path("matchLabels");
    return "v1.LabelSelector{MatchLabels:"
        + (labels.isObject() ? Violations.goMap(labels) : "map[string]string(nil)")
        + ", MatchExpressions:[]v1.LabelSelectorRequirement(nil)}";
  }

  private static void strategy(ObjectNode spec, Violations out) {
    ObjectNode strategy = Trees.object(spec, "strategy");
    PodRules.oneOf(strategy, "type", "spec.strategy", List.of("Recreate", "RollingUpdate"), out);
    JsonNode rolling = strategy.path("rollingUpdate");
    if (Trees.text(strategy, "type").equals("Recreate") && rolling.isObject()) {
      out.forbidden(
          "spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'");
    } else if (rolling.isObject()) {
      String path = "spec.strategy.rollingUpdate.";
      share(rolling.path("maxUnavailable"), path + "maxUnavailable", out);
      share(rolling.path("maxSurge"), path + "maxSurge", out);
      if (isZero(rolling.path("maxUnavailable")) && isZero(rolling.path("maxSurge"))) {
        out.invalidRaw(path + "maxUnavailable", "0", "may not be 0 when `maxSurge` is 0");
      }
    }
  }

  /** A whole number or a share of 100. */
  private static void share(JsonNode value, String path, Violations out) {
    if (value.isTextual() && !value.asText().matches("[0-9]+%")) {
      out.invalid(
          path,
          value.asText(),
          "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%', "
              + " or '93%', regex used for validation is '[0-9]+%')");
    } else if (value.isNumber() && value.asLong() < 0) {
      out.invalid(path, value.asLong(), "must be greater than or equal to 0");
    }
  }

  private static boolean isZero(JsonNode value) {
    return value.isTextual() ? value.asText().matches("0+%") : value.asLong() == 0;
  }
}
