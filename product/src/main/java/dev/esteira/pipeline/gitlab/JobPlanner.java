package dev.esteira.pipeline.gitlab;

import dev.esteira.pipeline.Flow;
import dev.esteira.pipeline.Plan;
import dev.esteira.pipeline.Setting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** From a created job to the jobs of the plan: one, or one for each instance. */
final class JobPlanner {
  private final Scopes scopes;
  private final Map<String, String> known;
  private final String standardImage;

  /** Makes the scope of a job from its environment's name and its variables. */
  @FunctionalInterface
  interface Scopes {
    Scope of(Optional<String> environment, Map<String, YamlVariables.Variable> variables);
  }

  JobPlanner(Scopes scopes, Map<String, String> known, String standardImage) {
    this.scopes = scopes;
    this.known = known;
    this.standardImage = standardImage;
  }

  List<Plan.Job> jobs(
      PipelineMaker.Decided decided,
      Function<Map<String, String>, Optional<List<Flow.Need>>> needs,
      Optional<List<String>> inputs) {
    List<Parallel.Instance> instances = decided.job().instances();
    if (instances.isEmpty()) {
      String name = decided.job().name();
      return List.of(
          new One(decided, new Parallel.Instance(name, Map.of(), 0, 1))
              .job(needs.apply(Map.of()), inputs));
    }
    List<Plan.Job> jobs = new ArrayList<>();
    instances.forEach(i -> jobs.add(new One(decided, i).job(needs.apply(i.variables()), inputs)));
    return jobs;
  }

  /** One instance of a job. */
  private final class One {
    private final PipelineMaker.Decided decided;
    private final JobSpec spec;
    private final Parallel.Instance instance;
    private final Map<String, YamlVariables.Variable> variables = new LinkedHashMap<>();
    private final Optional<Flow.Environment> environment;
    private final Scope scope;
    private final Map<String, String> predefined;

    One(PipelineMaker.Decided decided, Parallel.Instance instance) {
      this.decided = decided;
      this.spec = decided.job();
      this.instance = instance;
      variables.putAll(decided.variables());
      instance
          .variables()
          .forEach((n, v) -> variables.put(n, new YamlVariables.Variable(v, true, spec.place())));
      Scope first = withJob(scopes.of(Optional.empty(), variables));
      this.environment = spec.environment().map(e -> expanded(e, first));
      this.scope = withJob(scopes.of(environment.map(Flow.Environment::name), variables));
      this.predefined = predefined();
    }

    /** Predefined ones of the job: rules of precedence put them below all others. */
    private Scope withJob(Scope scope) {
      Map<String, String> own = new LinkedHashMap<>();
      own.put("CI_JOB_NAME", instance.name());
      own.put("CI_JOB_STAGE", spec.stage());
      own.forEach((name, value) -> {
        if (scope.value(name).isEmpty()) {
          scope.put(name, value, true, false);
        }
      });
      return scope;
    }

    private Flow.Environment expanded(Flow.Environment e, Scope scope) {
      return new Flow.Environment(
          scope.expand(e.name()),
          e.url(),
          e.action(),
          e.onStop(),
          spec.autoStopIn().map(scope::expand).flatMap(Durations::seconds).or(e::autoStopSeconds),
          e.tier().map(scope::expand));
    }

    Plan.Job job(Optional<List<Flow.Need>> needs, Optional<List<String>> inputs) {
      Map<String, String> planned = new LinkedHashMap<>();
      variables.forEach((name, v) -> planned.put(name, v.planned()));
      boolean trigger = spec.trigger().isPresent();
      return new Plan.Job(
          instance.name(),
          spec.image().map(SettingReader.Image::name).orElse(standardImage),
          Plan.ShellRule.WHOLE_SCRIPT,
          "sh",
          planned,
          trigger ? List.of() : spec.sections(),
          spec.artifacts(),
          List.of(),
          spec.image().flatMap(SettingReader.Image::user),
          (int) Math.min(Integer.MAX_VALUE, spec.timeoutSeconds()),
          flow(needs, inputs),
          setting());
    }

    private Flow flow(Optional<List<Flow.Need>> needs, Optional<List<String>> inputs) {
      Optional<Rule> rule = decided.verdict().rule();
      Flow.AllowFailure usual =
          spec.order()
              .allowFailure()
              .orElse(new Flow.AllowFailure(spec.order().when().equals("manual"), Set.of()));
      return new Flow(
          needs,
          inputs,
          FlowReader.when(decided.when()),
          rule.flatMap(Rule::startInSeconds).orElse(spec.order().startInSeconds()),
          rule.flatMap(Rule::allowFailure).orElse(usual),
          spec.retry(),
          rule.flatMap(Rule::interruptible).orElse(spec.interruptible()),
          spec.resourceGroup().map(withEnvironment()::expand),
          environment,
          spec.trigger().map(this::trigger),
          spec.coverage(),
          spec.release(),
          spec.site());
    }

    /** What names of groups and triggers may hold besides the job's variables. */
    private Scope withEnvironment() {
      Scope with = new Scope(scope);
      environment.ifPresent(e -> {
        with.put("CI_ENVIRONMENT_NAME", e.name(), true, false);
        with.put("CI_ENVIRONMENT_SLUG", Slugs.environment(e.name()), true, false);
      });
      return with;
    }

    private Flow.Trigger trigger(Flow.Trigger t) {
      Scope with = withEnvironment();
      Map<String, String> forwarded = new LinkedHashMap<>();
      if (t.forwardFileVariables()) {
        variables.forEach(
            (name, v) -> forwarded.put(name, v.expand() ? with.expand(v.value()) : v.value()));
      }
      return new Flow.Trigger(
          t.project().map(with::expand),
          t.branch().map(with::expand),
          t.includes().stream()
              .map(i -> new Flow.Include(with.expand(i.path()), i.fromJob()))
              .toList(),
          t.depend(),
          t.forwardFileVariables(),
          t.forwardRunVariables(),
          forwarded);
    }

    private Setting setting() {
      return new Setting(
          spec.image().flatMap(SettingReader.Image::entrypoint),
          true,
          spec.services(),
          spec.caches(),
          predefined,
          source(),
          spec.idTokens(),
          Map.of(),
          Map.of());
    }

    private Setting.Source source() {
      Optional<String> strategy = scope.value("GIT_STRATEGY");
      boolean none = strategy.equals(Optional.of("none")) || strategy.equals(Optional.of("empty"));
      return none ? Setting.Source.NONE : Setting.Source.CLONE;
    }

    private Map<String, String> predefined() {
      Map<String, String> all = new LinkedHashMap<>(known);
      all.putAll(Predefined.facts(known.getOrDefault("CI_PROJECT_PATH", "")));
      all.put("CI_JOB_NAME", instance.name());
      all.put("CI_JOB_NAME_SLUG", Slugs.slug(instance.name()));
      all.put("CI_JOB_GROUP_NAME", spec.name());
      all.put("CI_JOB_STAGE", spec.stage());
      all.put("CI_JOB_TIMEOUT", Long.toString(spec.timeoutSeconds()));
      all.put(
          "CI_JOB_IMAGE",
          spec.image().map(i -> scope.expandOpenly(i.name())).orElse(standardImage));
      if (FlowReader.when(decided.when()) == Flow.When.MANUAL) {
        all.put("CI_JOB_MANUAL", "true");
      }
      if (instance.index() > 0) {
        all.put("CI_NODE_INDEX", Integer.toString(instance.index()));
      }
      all.put("CI_NODE_TOTAL", Integer.toString(instance.total()));
      if (scope.value("KUBECONFIG").isPresent()) {
        all.put("CI_KUBERNETES_ACTIVE", "true");
      }
      environment.ifPresent(e -> environment(all, e));
      Predefined.addOldNames(all);
      return all;
    }

    private static void environment(Map<String, String> all, Flow.Environment e) {
      all.put("CI_ENVIRONMENT_NAME", e.name());
      all.put("CI_ENVIRONMENT_SLUG", Slugs.environment(e.name()));
      all.put("CI_ENVIRONMENT_ACTION", e.action());
      all.put("CI_ENVIRONMENT_TIER", e.tier().orElse(Slugs.tier(e.name())));
      e.url().ifPresent(url -> all.put("CI_ENVIRONMENT_URL", Setting.Fact.ENVIRONMENT_URL.token()));
    }
  }
}
