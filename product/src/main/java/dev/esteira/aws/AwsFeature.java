package dev.esteira.aws;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The calls of an AWS service that one part of the house answers. Several features may make up one
 * service; {@link AwsApi} puts them together.
 */
public abstract class AwsFeature {
  AwsFeature() {}

  /** The service's name in the scope of signatures, such as {@code elasticloadbalancing}. */
  abstract String service();

  /** The name of its model, such as {@code elbv2}. */
  abstract String model();

  abstract Map<String, Operation> operations();

  /** The services that these features make up, by name. */
  static Map<String, Service> services(List<AwsFeature> features) {
    Map<String, List<AwsFeature>> byService = new LinkedHashMap<>();
    features.forEach(feature ->
        byService.computeIfAbsent(feature.service(), _ -> new ArrayList<>()).add(feature));
    Map<String, Service> services = new HashMap<>();
    byService.forEach((name, parts) ->
        services.put(name, name.equals(Ec2.SERVICE) ? Ec2.service(parts) : merged(parts)));
    return services;
  }

  private static Service merged(List<AwsFeature> parts) {
    Map<String, Operation> operations = new HashMap<>();
    parts.forEach(part -> addAll(operations, part.operations()));
    return new Service(Model.load(parts.getFirst().model()), operations);
  }

  /** Two features that answer one call are a mistake in the wiring. */
  static void addAll(Map<String, Operation> operations, Map<String, Operation> more) {
    more.forEach((name, operation) -> {
      if (operations.putIfAbsent(name, operation) != null) {
        throw new IllegalArgumentException("two features answer " + name);
      }
    });
  }
}
