package dev.esteira.pipeline.gitlab;

import dev.esteira.pipeline.AutoCancel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the whole of a configuration whose includes, templates and references are resolved. */
final class PipelineReader {
  private static final List<String> USUAL_STAGES = List.of("build", "test", "deploy");
  private static final Set<String> DEFAULTS =
      Set.of(
          "after_script",
          "artifacts",
          "before_script",
          "cache",
          "hooks",
          "id_tokens",
          "identity",
          "image",
          "interruptible",
          "retry",
          "services",
          "tags",
          "timeout");
  private static final Set<String> OLD_DEFAULTS =
      Set.of("image", "services", "cache", "before_script", "after_script");
  private static final Set<String> GLOBALS =
      Set.of(
          "default",
          "include",
          "image",
          "services",
          "cache",
          "before_script",
          "after_script",
          "variables",
          "stages",
          "types",
          "workflow",
          "spec");

  private final Node.Keys root;
  private final boolean withoutScanners;
  private final Problems problems;
  private final Fields fields;

  /** {@code withoutScanners}: a job without a script may be one of a template left out. */
  PipelineReader(Node.Keys root, boolean withoutScanners, Problems problems) {
    this.root = root;
    this.withoutScanners = withoutScanners;
    this.problems = problems;
    this.fields = new Fields(problems);
  }

  PipelineSpec read() {
    List<String> stages = stages();
    Optional<Node.Keys> workflow = root.get("workflow").flatMap(n -> fields.keys(n, "workflow"));
    workflow.ifPresent(w -> fields.unknown(w, "workflow.", Set.of("rules", "name", "auto_cancel")));
    AutoCancel cancel =
        workflow
            .map(w -> AutoCancelReader.read(fields, w, "workflow.", AutoCancelReader.USUAL))
            .orElse(AutoCancelReader.USUAL);
    Optional<List<Rule>> rules =
        workflow.flatMap(w -> Rule.Reader.ofWorkflow(fields, cancel).read(w, "workflow."));
    YamlVariables yaml = new YamlVariables(fields);
    Map<String, YamlVariables.Variable> variables = yaml.read(root, "");
    yaml.checkCircles(variables);
    List<JobSpec> jobs = jobs(stages, rules.isPresent(), variables);
    if (jobs.isEmpty()) {
      problems.error(root.place(), "there is no job; a job is a key with a 'script'");
    }
    new Consistency(stages, jobs, problems).check();
    return new PipelineSpec(
        stages,
        rules,
        root.placeOf("workflow"),
        workflow.flatMap(w -> fields.text(w, "name", "workflow.")),
        cancel,
        variables,
        jobs);
  }

  /** As written, between the two that are always there. */
  private List<String> stages() {
    String key = root.get("stages").isEmpty() && root.get("types").isPresent() ? "types" : "stages";
    List<String> written = fields.texts(root, key, "");
    List<String> stages = new ArrayList<>();
    stages.add(".pre");
    for (String stage : written.isEmpty() ? USUAL_STAGES : written) {
      if (!stages.contains(stage) && !stage.equals(".post")) {
        stages.add(stage);
      }
    }
    stages.add(".post");
    return stages;
  }

  private List<JobSpec> jobs(
      List<String> stages, boolean workflowRules, Map<String, YamlVariables.Variable> variables) {
    Node.Keys defaults = defaults();
    JobReader reader = new JobReader(fields, stages, workflowRules);
    List<JobSpec> jobs = new ArrayList<>();
    for (Node.Entry entry : root.entries()) {
      if (GLOBALS.contains(entry.key()) || entry.key().startsWith(".")) {
        if (entry.value() instanceof Node.Keys keys && keys.has("script") && reserved(entry)) {
          problems.error(
              entry.place(), "'" + entry.key() + "' is a keyword: a job cannot have this name");
        }
        continue;
      }
      if (!(entry.value() instanceof Node.Keys job)) {
        problems.error(entry.place(), notAJob(entry));
        continue;
      }
      if (withoutScanners && List.of("script", "run", "trigger").stream().noneMatch(job::has)) {
        problems.notice(entry.place(), "job '" + entry.key() + "' is left out, as its template is");
        continue;
      }
      JobReader.Inherit inherit = JobReader.Inherit.of(fields, job);
      jobs.add(
          reader.read(
              entry.key(),
              entry.place(),
              withDefaults(job, defaults, inherit),
              taken(variables, inherit)));
    }
    return jobs;
  }

  private static boolean reserved(Node.Entry entry) {
    return GLOBALS.contains(entry.key()) && !entry.key().equals("variables");
  }

  private static String notAJob(Node.Entry entry) {
    String key = entry.key().strip();
    return key.contains(" ") || key.startsWith("#") || key.startsWith("`")
        ? "'%s' reads like a text, not like the name of a job: a job is a mapping with 'script'"
            .formatted(key.length() > 60 ? key.substring(0, 60) + "…" : key)
        : "'%s' is no keyword, and no job either: a job is a mapping with 'script', but this is %s"
            .formatted(key, entry.value().kind());
  }

  private Node.Keys defaults() {
    Map<String, Node.Entry> all = new LinkedHashMap<>();
    for (Node.Entry entry : root.entries()) {
      if (OLD_DEFAULTS.contains(entry.key()) && !entry.value().isNull()) {
        all.put(entry.key(), entry);
      }
    }
    Optional<Node.Keys> written = root.get("default").flatMap(n -> fields.keys(n, "default"));
    written.ifPresent(w -> fields.unknown(w, "default.", DEFAULTS));
    for (Node.Entry entry : written.map(Node.Keys::entries).orElse(List.of())) {
      if (entry.value().isNull() || !DEFAULTS.contains(entry.key())) {
        continue;
      }
      if (all.containsKey(entry.key())) {
        problems.error(
            entry.place(),
            "'%s' stands under 'default' and at the top, line %d, as well"
                .formatted(entry.key(), all.get(entry.key()).place().line()));
      }
      all.put(entry.key(), entry);
    }
    return new Node.Keys(all, root.place());
  }

  private static Node.Keys withDefaults(
      Node.Keys job, Node.Keys defaults, JobReader.Inherit inherit) {
    if (job.get("trigger").isPresent()) {
      return job;
    }
    Node.Keys whole = job;
    for (Node.Entry entry : defaults.entries()) {
      if (job.get(entry.key()).isEmpty()
          && JobReader.Inherit.takes(inherit.defaults(), entry.key())) {
        whole = whole.with(entry);
      }
    }
    return whole;
  }

  private static Map<String, YamlVariables.Variable> taken(
      Map<String, YamlVariables.Variable> variables, JobReader.Inherit inherit) {
    Map<String, YamlVariables.Variable> taken = new LinkedHashMap<>();
    variables.forEach((name, v) -> {
      if (JobReader.Inherit.takes(inherit.variables(), name)) {
        taken.put(name, v);
      }
    });
    return taken;
  }
}
