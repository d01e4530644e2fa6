package dev.esteira.pipeline.gitlab;

import dev.esteira.pipeline.Flow;
import dev.esteira.pipeline.Plan;
import dev.esteira.pipeline.Setting;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A job as its file and its defaults have it, before any event is looked at. Texts are as written:
 * nothing is expanded.
 */
record JobSpec(
    String name,
    Place place,
    String stage,
    List<Plan.Section> sections,
    Optional<SettingReader.Image> image,
    List<Setting.ServiceContainer> services,
    List<Setting.Cache> caches,
    List<Plan.Artifacts> artifacts,
    Map<String, YamlVariables.Variable> variables,
    Membership membership,
    Order order,
    Flow.Retry retry,
    long timeoutSeconds,
    List<Parallel.Instance> instances,
    boolean interruptible,
    Optional<String> resourceGroup,
    Optional<Flow.Environment> environment,
    Optional<String> autoStopIn,
    Optional<Flow.Trigger> trigger,
    Optional<String> coverage,
    Optional<Flow.Release> release,
    Optional<String> site,
    Map<String, List<String>> idTokens) {
  /** What decides whether the job is in a pipeline; without rules and policies it always is. */
  record Membership(Optional<List<Rule>> rules, Optional<Policy> only, Optional<Policy> except) {}

  /** When it starts; {@code when} as written. */
  record Order(
      String when,
      long startInSeconds,
      Optional<Flow.AllowFailure> allowFailure,
      Optional<List<Needs.Need>> needs,
      Optional<List<Needs.Named>> dependencies) {}
}
