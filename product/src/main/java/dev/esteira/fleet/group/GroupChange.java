package dev.esteira.fleet.group;

import java.util.List;
import java.util.Optional;

/** What to change of a group; empty parts stay as they are. */
public record GroupChange(
    Optional<Integer> min,
    Optional<Integer> max,
    Optional<Integer> desired,
    Optional<LaunchSource> source,
    Optional<List<String>> subnets,
    Optional<List<String>> zones,
    Optional<Boolean> loadBalanced,
    Optional<Integer> graceSeconds,
    Optional<Integer> cooldownSeconds,
    Optional<Integer> warmupSeconds,
    Optional<Integer> lifetimeSecondsMax,
    Optional<List<String>> terminationPolicies,
    Optional<Boolean> protectNew) {

  /** Only the size, as scheduled actions change it. */
  static GroupChange size(Optional<Integer> min, Optional<Integer> max, Optional<Integer> desired) {
    return of(min, max, desired, Optional.empty());
  }

  /** Only what launches; for instance refreshes. */
  static GroupChange source(LaunchSource source) {
    return of(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(source));
  }

  private static GroupChange of(
      Optional<Integer> min,
      Optional<Integer> max,
      Optional<Integer> desired,
      Optional<LaunchSource> source) {
    return new GroupChange(
        min,
        max,
        desired,
        source,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
