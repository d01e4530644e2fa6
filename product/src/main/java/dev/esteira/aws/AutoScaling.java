package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.access.Access;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.fleet.group.GroupRequest;
import dev.esteira.fleet.group.GroupState;
import dev.esteira.fleet.group.Groups;
import dev.esteira.net.vpc.Clouds;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The Auto Scaling service, in front of {@link Groups}. */
public final class AutoScaling extends AwsFeature {
  private static final String NAME = "autoscaling";
  static final int PAGE_MAX = 100;

  private final Groups groups;
  private final Access access;
  private final Clouds clouds;
  private final Model model = Model.load(NAME);

  public AutoScaling(Groups groups, Access access, Clouds clouds) {
    this.groups = groups;
    this.access = access;
    this.clouds = clouds;
  }

  @Override
  String service() {
    return NAME;
  }

  @Override
  String model() {
    return NAME;
  }

  @Override
  Map<String, Operation> operations() {
    Map<String, Operation> operations = new HashMap<>();
    AutoScalingShapes shapes = new AutoScalingShapes(access.accountId(), clouds);
    new AutoScalingLaunch(groups, access.accountId()).addTo(operations);
    new AutoScalingGroups(groups, shapes, clouds).addTo(operations);
    new AutoScalingMembers(groups, shapes).addTo(operations);
    new AutoScalingTags(groups).addTo(operations);
    new AutoScalingHooks(groups).addTo(operations);
    new AutoScalingRefreshes(groups).addTo(operations);
    new AutoScalingSchedules(groups, shapes).addTo(operations);
    new AutoScalingPolicies(groups, shapes).addTo(operations);
    new AutoScalingTypes(groups).addTo(operations);
    operations.replaceAll((_, operation) -> call -> checked(operation, call));
    return operations;
  }

  private ObjectNode checked(Operation operation, Call call) {
    model
        .input(call.operation())
        .ifPresent(shape -> {
          for (JsonNode member : shape.definition().path("required")) {
            if (!call.input().has(member.asText())) {
              throw invalid(
                  ("1 validation error detected: Value null at '%s' failed to satisfy "
                          + "constraint: Member must not be null")
                      .formatted(member.asText()));
            }
          }
        });
    try {
      return operation.call(call);
    } catch (EsteiraException e) {
      throw ofOurs(e);
    }
  }

  private static AwsException ofOurs(EsteiraException e) {
    return switch (e.code()) {
      case INVALID, NOT_FOUND, UNAUTHENTICATED, FORBIDDEN -> invalid(e.text());
      case CONFLICT -> new AwsException("ScalingActivityInProgress", 400, e.text());
      case LIMIT -> new AwsException("LimitExceeded", 400, e.text());
      case UNAVAILABLE -> new AwsException("ServiceUnavailable", 503, e.text());
      case PREREQUISITE, INTERNAL -> new AwsException("InternalFailure", 500, e.text());
    };
  }

  static AwsException invalid(String message) {
    return new AwsException("ValidationError", 400, message);
  }

  static AwsException unsupported(String what) {
    return new AwsException(
        "UnsupportedOperation", 400, "esteira does not support " + what + " of Auto Scaling yet");
  }

  /** The group that the call names. */
  static GroupState group(Groups groups, Call call) {
    return group(groups, call.text("AutoScalingGroupName"));
  }

  static GroupState group(Groups groups, String name) {
    return groups
        .group(name)
        .orElseThrow(() ->
            invalid("AutoScalingGroup name not found - AutoScalingGroup '" + name + "' not found"));
  }

  /** Asks the group that the call names. */
  static GroupState ask(Groups groups, Call call, GroupRequest request) {
    return groups.ask(group(groups, call).name(), request);
  }

  static Optional<Integer> integer(Call call, String member) {
    return integer(call.input(), member);
  }

  static Optional<Integer> integer(JsonNode tree, String member) {
    JsonNode value = tree.path(member);
    if (!value.isValueNode() || value.isNull()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Integer.parseInt(value.asText()));
    } catch (NumberFormatException e) {
      throw invalid("'" + value.asText() + "' at '" + member + "' is no number");
    }
  }

  static Optional<Double> decimal(JsonNode tree, String member) {
    JsonNode value = tree.path(member);
    if (!value.isValueNode() || value.isNull()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Double.parseDouble(value.asText()));
    } catch (NumberFormatException e) {
      throw invalid("'" + value.asText() + "' at '" + member + "' is no number");
    }
  }

  static Optional<Boolean> truth(Call call, String member) {
    return call.optional(member).map(Boolean::parseBoolean);
  }

  /** The list when the call has it, an empty one too. */
  static Optional<List<String>> list(Call call, String member) {
    return call.input().has(member) ? Optional.of(call.texts(member)) : Optional.empty();
  }

  /** One page of what a describe call found, with its token in the answer. */
  static <T> List<T> page(Call call, List<T> all, ObjectNode answer) {
    Page<T> page = Page.of(call, "MaxRecords", "NextToken", all, PAGE_MAX);
    page.nextToken().ifPresent(token -> answer.put("NextToken", token));
    return page.items();
  }

  static ObjectNode nothing() {
    return Json.object();
  }
}
