package dev.esteira.fleet.group;

import java.util.List;

/** What the instances of a group are made from. */
public sealed interface LaunchSource {
  /** A launch configuration, by name. */
  record Configuration(String name) implements LaunchSource {}

  /**
   * A launch template.
   *
   * @param version a number, {@code $Latest} or {@code $Default}: looked up at each launch
   * @param instanceTypes overrides of a mixed instances policy; empty when there is no such policy
   */
  record OfTemplate(String id, String name, String version, List<String> instanceTypes)
      implements LaunchSource {
    public OfTemplate {
      instanceTypes = List.copyOf(instanceTypes);
    }
  }
}
