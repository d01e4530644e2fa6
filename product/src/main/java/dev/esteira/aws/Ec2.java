package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.EsteiraException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The Elastic Compute Cloud's service: what all its calls have in common, and its errors. */
final class Ec2 {
  static final String SERVICE = "ec2";

  private Ec2() {}

  /** Puts the features together and adds the calls for tags. */
  static Service service(List<AwsFeature> features) {
    Map<String, Operation> operations = new HashMap<>();
    List<Taggable> taggables = new ArrayList<>();
    for (AwsFeature feature : features) {
      AwsFeature.addAll(operations, feature.operations());
      if (feature instanceof Ec2Feature ec2) {
        taggables.addAll(ec2.taggables());
      }
    }
    AwsFeature.addAll(operations, new Ec2Tags(taggables).operations());
    Model model = Model.load(SERVICE);
    operations.replaceAll((_, operation) -> checked(model, operation));
    return new Service(model, operations);
  }

  /** The checks that stand before every call, and our own errors in EC2's words. */
  private static Operation checked(Model model, Operation operation) {
    return call -> {
      required(model, call);
      Ec2Unsupported.check(call);
      if (call.flag("DryRun")) {
        throw new AwsException(
            "DryRunOperation", 412, "Request would have succeeded, but DryRun flag is set.");
      }
      try {
        return operation.call(call);
      } catch (EsteiraException e) {
        throw ofOurs(e);
      }
    };
  }

  private static void required(Model model, Call call) {
    model
        .input(call.operation())
        .ifPresent(shape -> {
          for (JsonNode member : shape.definition().path("required")) {
            if (!call.input().has(member.asText())) {
              throw missing(member.asText());
            }
          }
        });
  }

  static AwsException missing(String parameter) {
    return new AwsException(
        "MissingParameter",
        400,
        "The request must contain the parameter "
            + parameter.substring(0, 1).toLowerCase(java.util.Locale.ROOT)
            + parameter.substring(1));
  }

  private static AwsException ofOurs(EsteiraException e) {
    return switch (e.code()) {
      case INVALID, NOT_FOUND -> new AwsException("InvalidParameterValue", 400, e.text());
      case CONFLICT -> new AwsException("IncorrectState", 400, e.text());
      case LIMIT -> new AwsException("ResourceLimitExceeded", 400, e.text());
      case UNAUTHENTICATED, FORBIDDEN -> new AwsException("UnauthorizedOperation", 403, e.text());
      case UNAVAILABLE -> new AwsException("Unavailable", 503, e.text());
      case PREREQUISITE, INTERNAL -> new AwsException("InternalError", 500, e.text());
    };
  }

  static AwsException invalid(String message) {
    return new AwsException("InvalidParameterValue", 400, message);
  }

  /** A member of the input that must be there, though the model does not say so. */
  static String text(Call call, String member) {
    return call.optional(member).orElseThrow(() -> missing(member));
  }

  /** One page of what a describe call found, with its token in the answer. */
  static <T> List<T> page(Call call, List<T> all, ObjectNode answer) {
    Page<T> page = Page.of(call, "MaxResults", "NextToken", all, 1_000);
    page.nextToken().ifPresent(token -> answer.put("NextToken", token));
    return page.items();
  }
}
