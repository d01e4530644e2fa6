package dev.esteira.fleet.group;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which members go first when there are too many. */
final class TerminationPolicy {
  static final List<String> NAMES =
      List.of(
          "ClosestToNextInstanceHour",
          "Default",
          "NewestInstance",
          "OldestInstance",
          "OldestLaunchConfiguration",
          "OldestLaunchTemplate");

  private TerminationPolicy() {}

  /** All of them, the first to go first: the fullest place counts before the policies. */
  static List<Member> order(GroupSettings settings, List<Member> members) {
    List<Member> left = new ArrayList<>(members);
    List<Member> ordered = new ArrayList<>();
    Comparator<Member> rule = rule(settings);
    while (!left.isEmpty()) {
      Map<String, Integer> zones = new HashMap<>();
      left.forEach(m -> zones.merge(zone(m), 1, Integer::sum));
      Member next =
          left.stream()
              .min(
                  Comparator.comparingInt((Member m) -> -zones.getOrDefault(zone(m), 0))
                      .thenComparing(rule))
              .orElseThrow();
      left.remove(next);
      ordered.add(next);
    }
    return ordered;
  }

  private static String zone(Member member) {
    return member.made().zone();
  }

  private static Comparator<Member> rule(GroupSettings settings) {
    Comparator<Member> rule = (_, _) -> 0;
    List<String> policies = settings.terminationPolicies();
    for (String policy : policies.isEmpty() ? List.of("Default") : policies) {
      rule =
          rule.thenComparing(
              switch (policy) {
                case "NewestInstance" -> Comparator.comparingLong(Member::slot).reversed();
                case "OldestLaunchConfiguration", "OldestLaunchTemplate" -> oldestSource(settings);
                case "OldestInstance", "ClosestToNextInstanceHour" ->
                    Comparator.comparingLong(Member::slot);
                default -> oldestSource(settings).thenComparingLong(Member::slot);
              });
    }
    return rule.thenComparingLong(Member::slot);
  }

  /** Those that were made from something else than what launches now. */
  private static Comparator<Member> oldestSource(GroupSettings settings) {
    return Comparator.comparing(m -> matches(settings.source(), m.made().with()));
  }

  /** Whether a member was made from this; the version counts when it is a number. */
  static boolean matches(LaunchSource source, LaunchedWith with) {
    return switch (source) {
      case LaunchSource.Configuration(String name) -> with.configuration().equals(name);
      case LaunchSource.OfTemplate(String id, String _, String version, List<String> _) ->
          with.templateId().equals(id)
              && (version.startsWith("$") || with.templateVersion().equals(version));
    };
  }
}
