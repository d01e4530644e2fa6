package dev.esteira.fleet.group;

import java.util.List;
import java.util.Optional;

/**
 * A scaling policy.
 *
 * @param kind {@code SimpleScaling}, {@code StepScaling} or {@code TargetTrackingScaling}
 * @param adjustmentType {@code ChangeInCapacity}, {@code ExactCapacity} or {@code
 *     PercentChangeInCapacity}
 * @param adjustment of simple policies
 * @param target percent of CPU that target tracking keeps
 */
public record ScalingPolicy(
    String name,
    String kind,
    String adjustmentType,
    int adjustment,
    Optional<Integer> magnitudeMin,
    Optional<Integer> cooldownSeconds,
    Optional<Integer> warmupSeconds,
    List<Step> steps,
    Optional<Double> target,
    boolean noScaleIn,
    boolean enabled) {
  /** Bounds relative to the alarm's threshold; empty ones are open. */
  public record Step(Optional<Double> lower, Optional<Double> upper, int adjustment) {}

  public ScalingPolicy {
    steps = List.copyOf(steps);
  }
}
