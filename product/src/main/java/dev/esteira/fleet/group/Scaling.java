package dev.esteira.fleet.group;

import dev.esteira.base.EsteiraException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Scaling policies: by their execution, and by target tracking of CPU. */
final class Scaling {
  private static final int WARMUP_SECONDS_DEFAULT = 300;

  /** How long it must be quiet before target tracking takes an instance away. */
  static final Duration QUIET = Duration.ofMinutes(15);

  private static final double SCALE_IN_FRACTION = 0.9;

  private Scaling() {}

  static void execute(Draft draft, GroupRequest.ExecutePolicy request) {
    ScalingPolicy policy =
        draft.policies.stream()
            .filter(each -> each.name().equals(request.name()))
            .findFirst()
            .orElseThrow(() ->
                EsteiraException.invalid("No policy found for name '" + request.name() + "'"));
    if (policy.kind().equals("TargetTrackingScaling")) {
      throw EsteiraException.invalid(
          "Policies of type TargetTrackingScaling cannot be executed: they follow their metric");
    }
    boolean simple = policy.kind().equals("SimpleScaling");
    if (simple && request.honorCooldown()) {
      cooldown(draft);
    }
    int adjustment = simple ? policy.adjustment() : step(policy, request);
    int wanted = adjusted(draft, policy, adjustment);
    int desired = Math.clamp(wanted, draft.settings.min(), draft.settings.max());
    draft.wish(desired, "a user request executed policy " + policy.name());
    if (simple) {
      int seconds = policy.cooldownSeconds().orElse(draft.settings.cooldownSeconds());
      draft.cooldownUntil = Optional.of(draft.now.plusSeconds(seconds));
    }
  }

  /** Refuses while the cooldown lasts. */
  static void cooldown(Draft draft) {
    if (draft.cooldownUntil.filter(until -> until.isAfter(draft.now)).isPresent()) {
      throw EsteiraException.conflict(
          "Scaling activity is in progress: the cooldown of group '%s' lasts until %s"
              .formatted(draft.settings.name(), draft.cooldownUntil.get()));
    }
  }

  private static int step(ScalingPolicy policy, GroupRequest.ExecutePolicy request) {
    if (request.metric().isEmpty() || request.threshold().isEmpty()) {
      throw EsteiraException.invalid(
          "MetricValue and BreachThreshold are required for policies of type StepScaling");
    }
    double breach = request.metric().get() - request.threshold().get();
    return policy.steps().stream()
        .filter(step -> step.lower().map(lower -> breach >= lower).orElse(true))
        .filter(step -> step.upper().map(upper -> breach < upper).orElse(true))
        .mapToInt(ScalingPolicy.Step::adjustment)
        .findFirst()
        .orElse(0);
  }

  private static int adjusted(Draft draft, ScalingPolicy policy, int adjustment) {
    return switch (policy.adjustmentType()) {
      case "ExactCapacity" -> adjustment;
      case "PercentChangeInCapacity" -> {
        double exact = draft.desired * adjustment / 100.0;
        int change = (int) (Math.abs(exact) < 1 ? Math.signum(exact) : exact);
        int least = policy.magnitudeMin().orElse(0);
        yield draft.desired
            + (Math.abs(change) < least ? Integer.signum(adjustment) * least : change);
      }
      default -> draft.desired + adjustment;
    };
  }

  /** As many members as bring the average near the target; growing at once, shrinking slowly. */
  static void track(Draft draft, Map<String, Double> percent) {
    Optional<ScalingPolicy> tracking =
        draft.policies.stream()
            .filter(policy -> policy.enabled() && policy.target().isPresent())
            .findFirst();
    double[] busy =
        draft.members().stream()
            .filter(m -> m.stays() && m.lifecycle() == Lifecycle.IN_SERVICE)
            .filter(m -> percent.containsKey(m.id()))
            .mapToDouble(m -> percent.getOrDefault(m.id(), 0.0))
            .toArray();
    if (tracking.isEmpty() || busy.length == 0 || draft.settings.rests("AlarmNotification")) {
      return;
    }
    ScalingPolicy policy = tracking.get();
    double target = policy.target().orElseThrow();
    double average = java.util.Arrays.stream(busy).average().orElse(0);
    int fitting = (int) Math.ceil(busy.length * average / target - 1e-9);
    int wanted = Math.clamp(fitting, draft.settings.min(), draft.settings.max());
    if (average > target) {
      draft.lowSince = Optional.empty();
      grow(draft, policy, wanted, average, target);
    } else if (average < target * SCALE_IN_FRACTION && !policy.noScaleIn()) {
      shrink(draft, policy, wanted);
    } else {
      draft.lowSince = Optional.empty();
    }
  }

  private static void grow(
      Draft draft, ScalingPolicy policy, int wanted, double average, double target) {
    boolean warming = draft.cooldownUntil.filter(until -> until.isAfter(draft.now)).isPresent();
    if (wanted > draft.desired && !warming) {
      draft.wish(
          wanted,
          "a monitor alarm of policy %s (CPU %.0f%% over %.0f%%)"
              .formatted(policy.name(), average, target));
      int seconds =
          policy
              .warmupSeconds()
              .or(() -> draft.settings.warmupSeconds())
              .orElse(WARMUP_SECONDS_DEFAULT);
      draft.cooldownUntil = Optional.of(draft.now.plusSeconds(seconds));
    }
  }

  private static void shrink(Draft draft, ScalingPolicy policy, int wanted) {
    Instant since = draft.lowSince.orElse(draft.now);
    draft.lowSince = Optional.of(since);
    if (wanted < draft.desired && draft.due(since.plus(QUIET))) {
      draft.wish(draft.desired - 1, "a monitor alarm of policy " + policy.name() + " (CPU low)");
      draft.lowSince = Optional.of(draft.now);
    }
  }
}
