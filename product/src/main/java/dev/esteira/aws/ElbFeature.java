package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.access.Access;
import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.edge.elb.Certificates;
import dev.esteira.edge.elb.ElbRefused;
import dev.esteira.edge.elb.LoadBalancers;
import dev.esteira.net.vpc.Clouds;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** The calls of Elastic Load Balancing, version 2, in front of {@link LoadBalancers}. */
public final class ElbFeature extends AwsFeature {
  private final Parts parts;

  /** What the calls are made of. */
  public record Parts(
      LoadBalancers balancers,
      Certificates certificates,
      Clouds clouds,
      Access access,
      InstantSource clock) {}

  public ElbFeature(Parts parts) {
    this.parts = parts;
  }

  @Override
  String service() {
    return "elasticloadbalancing";
  }

  @Override
  String model() {
    return "elbv2";
  }

  @Override
  Map<String, Operation> operations() {
    Map<String, Operation> operations = new HashMap<>();
    new ElbBalancers(parts).addTo(operations);
    new ElbGroups(parts).addTo(operations);
    new ElbTargets(parts).addTo(operations);
    new ElbListeners(parts).addTo(operations);
    new ElbRules(parts).addTo(operations);
    new ElbTags(parts.balancers()).addTo(operations);
    new ElbLimits().addTo(operations);
    operations.replaceAll((_, operation) -> call -> refused(operation, call));
    return operations;
  }

  private static ObjectNode refused(Operation operation, Call call) {
    try {
      return operation.call(call);
    } catch (ElbRefused e) {
      throw new AwsException(e.code(), 400, e.text());
    } catch (EsteiraException e) {
      if (e.code() == ErrorCode.INVALID) {
        throw ElbInput.invalid(e.text());
      }
      throw e;
    }
  }
}
