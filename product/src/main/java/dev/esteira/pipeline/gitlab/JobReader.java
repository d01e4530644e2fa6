package dev.esteira.pipeline.gitlab;

import dev.esteira.pipeline.Flow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads one job, with what it inherits already in it. */
final class JobReader {
  private static final long USUAL_TIMEOUT_SECONDS = 3600;
  private static final int NAME_CHARACTERS_MAX = 255;
  private static final long START_IN_SECONDS_MAX = 7 * 86_400;
  private static final Set<String> KNOWN =
      Set.of(
          "after_script",
          "allow_failure",
          "artifacts",
          "before_script",
          "cache",
          "coverage",
          "dependencies",
          "environment",
          "except",
          "extends",
          "hooks",
          "id_tokens",
          "image",
          "inherit",
          "interruptible",
          "needs",
          "only",
          "pages",
          "parallel",
          "publish",
          "release",
          "resource_group",
          "retry",
          "rules",
          "script",
          "services",
          "stage",
          "start_in",
          "timeout",
          "trigger",
          "type",
          "variables",
          "when");
  private static final Map<String, String> ACCEPTED =
      Map.ofEntries(
          Map.entry("tags", "any runner of this house takes the job"),
          Map.entry("secrets", "they come from project and group variables only"),
          Map.entry("identity", "it is unused"),
          Map.entry("run", "steps are not supported: they do not run"),
          Map.entry("inputs", "it is unused"),
          Map.entry("dast_configuration", "it is unused"),
          Map.entry("manual_confirmation", "a manual job starts without a question"));

  private final Fields fields;
  private final List<String> stages;
  private final boolean workflowRules;
  private final Set<String> told = new HashSet<>();

  JobReader(Fields fields, List<String> stages, boolean workflowRules) {
    this.fields = fields;
    this.stages = stages;
    this.workflowRules = workflowRules;
  }

  /** {@code inherited}: the variables of the file that the job takes. */
  JobSpec read(
      String name, Place place, Node.Keys job, Map<String, YamlVariables.Variable> inherited) {
    keys(name, place, job);
    SettingReader setting = new SettingReader(fields);
    FlowReader flow = new FlowReader(fields);
    YamlVariables yaml = new YamlVariables(fields);
    Map<String, YamlVariables.Variable> variables = new LinkedHashMap<>(inherited);
    variables.putAll(yaml.read(job, ""));
    yaml.checkCircles(variables);
    Optional<String> site = new SiteReader(fields).read(name, job);
    ArtifactReader artifacts = new ArtifactReader(fields);
    return new JobSpec(
        name,
        place,
        stage(name, place, job),
        new ScriptReader(fields).sections(job),
        setting.image(job),
        setting.services(job),
        setting.caches(job),
        artifacts.artifacts(job, site.filter(_ -> job.has(SiteReader.KEY))),
        variables,
        membership(place, job),
        order(job),
        flow.retry(job),
        fields.seconds(job, "timeout", "").orElse(USUAL_TIMEOUT_SECONDS),
        Parallel.read(fields, name, job),
        fields.flag(job, "interruptible", "").orElse(false),
        fields.text(job, "resource_group", "").filter(g -> !g.isBlank()),
        flow.environment(job),
        flow.autoStopIn(job),
        new TriggerReader(fields).read(job),
        coverage(job),
        new ReleaseReader(fields).read(job),
        site,
        idTokens(job));
  }

  private void keys(String name, Place place, Node.Keys job) {
    if (name.length() > NAME_CHARACTERS_MAX) {
      fields
          .problems()
          .error(place, "the name of a job has at most " + NAME_CHARACTERS_MAX + " characters");
    }
    for (Node.Entry entry : job.entries()) {
      String accepted = ACCEPTED.get(entry.key());
      if (accepted != null) {
        accepted(entry, accepted);
      } else if (!KNOWN.contains(entry.key())) {
        fields
            .problems()
            .notice(
                entry.place(),
                "job '%s': '%s' is not known here and is ignored".formatted(name, entry.key()));
      }
    }
    boolean script = job.get("script").isPresent() || job.get("run").isPresent();
    boolean trigger = job.get("trigger").isPresent();
    if (!script && !trigger) {
      fields
          .problems()
          .error(
              place,
              "job '%s' has no 'script' and no 'trigger'; one is needed%s"
                  .formatted(
                      name,
                      job.has("include")
                          ? ", and the 'include' inside it belongs at the top of the file"
                          : ""));
    }
    if (script && trigger) {
      fields.problems().error(place, "job '" + name + "' has both 'script' and 'trigger'");
    }
  }

  /** Said once of each keyword, where it stands first. */
  private void accepted(Node.Entry entry, String text) {
    if (told.add(entry.key())) {
      fields.problems().notice(entry.place(), "'" + entry.key() + "' is accepted; " + text);
    }
  }

  private String stage(String name, Place place, Node.Keys job) {
    String key = job.get("stage").isEmpty() && job.get("type").isPresent() ? "type" : "stage";
    String stage = fields.text(job, key, "").orElse("test");
    if (!stages.contains(stage)) {
      fields
          .problems()
          .error(
              job.has(key) ? job.placeOf(key) : place,
              "job '%s' is in stage '%s', but the stages are %s"
                  .formatted(name, stage, String.join(", ", stages)));
    }
    return stage;
  }

  private JobSpec.Membership membership(Place place, Node.Keys job) {
    Optional<List<Rule>> rules = new Rule.Reader(fields, FlowReader.RULE_WHENS).read(job, "");
    Optional<Policy> only = Policy.read(fields, job, "only");
    Optional<Policy> except = Policy.read(fields, job, "except");
    if (rules.isPresent()) {
      for (String key : List.of("only", "except", "start_in")) {
        if (job.get(key).isPresent()) {
          fields
              .problems()
              .error(job.placeOf(key), "'" + key + "' may not be used together with 'rules'");
        }
      }
      return new JobSpec.Membership(rules, Optional.empty(), Optional.empty());
    }
    boolean usual = only.isEmpty() && !workflowRules;
    return new JobSpec.Membership(
        Optional.empty(), usual ? Optional.of(Policy.usual(place)) : only, except);
  }

  private JobSpec.Order order(Node.Keys job) {
    String when = fields.word(job, "when", "", FlowReader.JOB_WHENS, "on_success");
    Optional<Long> startIn = fields.seconds(job, "start_in", "");
    if (when.equals("delayed") && startIn.isEmpty()) {
      fields.problems().error(job.placeOf("when"), "'when: delayed' needs 'start_in'");
    }
    if (!when.equals("delayed") && startIn.isPresent() && job.get("rules").isEmpty()) {
      fields.problems().error(job.placeOf("start_in"), "'start_in' needs 'when: delayed'");
    }
    if (startIn.orElse(0L) > START_IN_SECONDS_MAX) {
      fields.problems().error(job.placeOf("start_in"), "'start_in' is at most 1 week");
    }
    Needs needs = new Needs(fields);
    Optional<List<Needs.Need>> needed = job.get("needs").flatMap(needs::needs);
    Optional<List<Needs.Named>> dependencies = needs.dependencies(job);
    if (!needed.orElse(List.of()).isEmpty() && dependencies.isPresent()) {
      List<String> jobs = needed.get().stream().map(Needs.Need::job).toList();
      dependencies.get().stream()
          .filter(d -> !jobs.contains(d.job()))
          .forEach(d ->
              fields
                  .problems()
                  .error(d.place(), "'" + d.job() + "' in 'dependencies' must be in 'needs', too"));
    }
    Optional<Flow.AllowFailure> allow =
        job.get("allow_failure").flatMap(n -> FlowReader.allowFailure(fields, n));
    return new JobSpec.Order(when, startIn.orElse(0L), allow, needed, dependencies);
  }

  /** For whom each token is, by its variable. */
  private Map<String, List<String>> idTokens(Node.Keys job) {
    Map<String, List<String>> all = new LinkedHashMap<>();
    Optional<Node.Keys> tokens = job.get("id_tokens").flatMap(n -> fields.keys(n, "id_tokens"));
    for (Node.Entry entry : tokens.map(Node.Keys::entries).orElse(List.of())) {
      Optional<Node.Keys> token = fields.keys(entry.value(), "id_tokens." + entry.key());
      token.ifPresent(t -> fields.unknown(t, "id_tokens." + entry.key() + ".", Set.of("aud")));
      List<String> audiences =
          token.map(t -> fields.texts(t, "aud", "id_tokens.")).orElse(List.of());
      if (token.isPresent() && audiences.isEmpty()) {
        fields
            .problems()
            .error(entry.place(), "the token '" + entry.key() + "' of 'id_tokens' has no 'aud'");
      }
      all.put(entry.key(), audiences);
    }
    return all;
  }

  private Optional<String> coverage(Node.Keys job) {
    Optional<String> coverage = fields.text(job, "coverage", "");
    if (coverage.isPresent() && Patterns.of(coverage.get()).isEmpty()) {
      fields
          .problems()
          .error(
              job.placeOf("coverage"),
              "'coverage' must be a pattern between slashes, not '" + coverage.get() + "'");
      return Optional.empty();
    }
    return coverage;
  }

  /** What a job takes of the keys given to all jobs, and of the variables of the file. */
  record Inherit(Optional<List<String>> defaults, Optional<List<String>> variables) {
    static Inherit of(Fields fields, Node.Keys job) {
      Optional<Node.Keys> inherit = job.get("inherit").flatMap(n -> fields.keys(n, "inherit"));
      return new Inherit(
          inherit.flatMap(k -> list(fields, k, "default")),
          inherit.flatMap(k -> list(fields, k, "variables")));
    }

    private static Optional<List<String>> list(Fields fields, Node.Keys keys, String key) {
      Optional<Node> node = keys.get(key);
      if (node.isEmpty()) {
        return Optional.empty();
      }
      if (node.get() instanceof Node.Items list) {
        return Optional.of(fields.texts(list, "inherit." + key));
      }
      boolean all = fields.flag(node.get(), "inherit." + key).orElse(true);
      return all ? Optional.empty() : Optional.of(new ArrayList<>());
    }

    static boolean takes(Optional<List<String>> named, String key) {
      return named.map(n -> n.contains(key)).orElse(true);
    }
  }
}
