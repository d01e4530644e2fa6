package dev.esteira.pipeline.gitlab;

import dev.esteira.pipeline.AutoCancel;
import dev.esteira.pipeline.Dialect;
import dev.esteira.pipeline.Plan;
import dev.esteira.pipeline.Runs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** From the text of a file to the pipeline of one event: read, decide, plan. */
final class PipelineMaker {
  private static final String DIALECT = "gitlab";
  private static final String SETTING_IMAGE = "image";

  private final Dialect.Tree tree;
  private final Runs.Request request;
  private final GitlabDialect.Projects projects;
  private final String file;
  private final Problems problems = new Problems();
  private final Conditions conditions;
  private final Map<String, String> known;

  /** By environment: every job asks, and each answer is read and deciphered. */
  private final Map<Optional<String>, List<GitlabDialect.Variable>> ofProject = new HashMap<>();

  PipelineMaker(
      Dialect.Tree tree, Runs.Request request, GitlabDialect.Projects projects, String file) {
    this.tree = tree;
    this.request = request;
    this.projects = projects;
    this.file = file;
    this.conditions = new Conditions(tree, request, problems);
    this.known = new Predefined(request, tree.commit(), projects, file).known();
  }

  GitlabDialect.Made made(String name, String text) {
    Scope outer = scope(Optional.empty(), Map.of());
    Includes includes = new Includes(problems, outer, projects, conditions);
    Node.Keys written = includes.whole(name, text, tree);
    // What a missing file would have brought is missed everywhere: that says nothing more.
    problems.fail();
    Node.Keys merged = new Inheritance(written, problems).resolved();
    Node.Keys root = new References(merged, problems).resolved();
    PipelineSpec spec = new PipelineReader(root, includes.withoutScanners(), problems).read();
    problems.fail();
    return decided(spec);
  }

  /** Predefined, then the file's, then the project's, then the request's. */
  private Scope scope(Optional<String> environment, Map<String, YamlVariables.Variable> variables) {
    Scope scope = new Scope().add(known).written(variables);
    for (GitlabDialect.Variable v :
        ofProject.computeIfAbsent(environment, e -> projects.variables(request, e))) {
      scope.put(v.name(), v.value(), false, v.secret());
    }
    return scope.add(request.variables());
  }

  private GitlabDialect.Made decided(PipelineSpec spec) {
    Scope scope = scope(Optional.empty(), spec.variables());
    Optional<Verdict> workflow =
        spec.workflowRules()
            .map(rules -> conditions.first(rules, scope, spec.workflowPlace(), Optional.empty()));
    Optional<Explanation.Answer> answer = workflow.map(v -> answer("workflow", "", "", v, scope));
    if (workflow.isPresent() && !workflow.get().created()) {
      problems.notice(
          workflow.get().place(),
          "no pipeline is made for this: workflow: " + workflow.get().reason());
      return made(List.of(), answer, List.of(), AutoCancel.NEVER);
    }
    Map<String, YamlVariables.Variable> given =
        workflow.flatMap(Verdict::rule).map(Rule::variables).orElse(Map.of());
    spec.name().ifPresent(n -> known.put("CI_PIPELINE_NAME", scope.expand(n)));
    List<Explanation.Answer> answers = new ArrayList<>();
    List<Decided> created = new ArrayList<>();
    for (JobSpec job : spec.jobs()) {
      Decided decided = decide(job, spec.variables(), given);
      String when = decided.verdict().created() ? decided.when() : "";
      answers.add(answer(job.name(), job.stage(), when, decided.verdict(), decided.scope()));
      if (decided.verdict().created()) {
        created.add(decided);
      }
    }
    String image = projects.setting(request.project(), SETTING_IMAGE).orElse(Plan.STANDARD_IMAGE);
    JobPlanner planner = new JobPlanner(this::scope, known, image);
    List<Plan.Stage> stages = new Stages(spec.stages(), created, problems, planner).planned();
    if (stages.isEmpty()) {
      explainNone(created, answers);
    }
    AutoCancel cancel =
        workflow.flatMap(Verdict::rule).flatMap(Rule::autoCancel).orElse(spec.autoCancel());
    return made(stages, answer, answers, cancel);
  }

  /** Why no job makes a pipeline. */
  private void explainNone(List<Decided> created, List<Explanation.Answer> answers) {
    created.forEach(d ->
        problems.notice(
            d.job().place(),
            "job '%s' is in stage '%s': such jobs alone make no pipeline"
                .formatted(d.job().name(), d.job().stage())));
    answers.stream()
        .filter(a -> !a.created())
        .forEach(a ->
            problems.notice(
                new Place(a.file(), a.line()), "job '" + a.name() + "': " + a.reason()));
  }

  private GitlabDialect.Made made(
      List<Plan.Stage> stages,
      Optional<Explanation.Answer> workflow,
      List<Explanation.Answer> answers,
      AutoCancel cancel) {
    List<Plan.Omitted> omitted =
        answers.stream()
            .filter(a -> !a.created())
            .map(a ->
                new Plan.Omitted(a.name(), a.stage(), a.reason(), a.file(), a.line(), a.looked()))
            .toList();
    return new GitlabDialect.Made(
        new Plan(DIALECT, file, stages, problems.notices(), omitted, cancel),
        new Explanation(file, workflow, answers, problems.notices(), problems.lines()));
  }

  /**
   * A job, whether it is in, and the variables that it has so far.
   *
   * @param variables the file's, the workflow rule's, the job's, the job rule's, in that order
   */
  record Decided(
      JobSpec job,
      Verdict verdict,
      Map<String, YamlVariables.Variable> variables,
      Scope scope,
      Map<String, String> known) {
    /** What starts it. */
    String when() {
      return verdict.rule().flatMap(Rule::when).orElse(job.order().when());
    }
  }

  private Decided decide(
      JobSpec job,
      Map<String, YamlVariables.Variable> ofFile,
      Map<String, YamlVariables.Variable> ofWorkflow) {
    Map<String, YamlVariables.Variable> variables = new LinkedHashMap<>(job.variables());
    ofWorkflow.forEach((name, v) -> {
      YamlVariables.Variable own = job.variables().get(name);
      if (own == null || own.equals(ofFile.get(name))) {
        variables.put(name, v);
      }
    });
    Optional<String> environment =
        job.environment().map(e -> scope(Optional.empty(), variables).expand(e.name()));
    Scope scope = scope(environment, variables);
    for (Map.Entry<String, String> own : ofJob(job, environment).entrySet()) {
      if (scope.value(own.getKey()).isEmpty()) {
        scope.put(own.getKey(), own.getValue(), true, false);
      }
    }
    Verdict verdict = verdict(job, scope);
    verdict.rule().ifPresent(rule -> variables.putAll(rule.variables()));
    return new Decided(job, verdict, variables, scope(environment, variables), known);
  }

  private static Map<String, String> ofJob(JobSpec job, Optional<String> environment) {
    Map<String, String> own = new LinkedHashMap<>();
    own.put("CI_JOB_NAME", job.name());
    own.put("CI_JOB_STAGE", job.stage());
    environment.ifPresent(e -> own.put("CI_ENVIRONMENT_NAME", e));
    return own;
  }

  private Verdict verdict(JobSpec job, Scope scope) {
    JobSpec.Membership membership = job.membership();
    if (membership.rules().isPresent()) {
      return conditions.first(
          membership.rules().get(), scope, job.place(), Optional.of(job.order().when()));
    }
    if (membership.only().isEmpty() && membership.except().isEmpty()) {
      return new Verdict(
          true, "always: no rules of its own", job.place(), Optional.empty(), Set.of());
    }
    Policy only =
        membership
            .only()
            .orElse(
                new Policy(
                    job.place(), Optional.empty(), Optional.empty(), Optional.empty(), false));
    return conditions.policies(only, membership.except(), scope);
  }

  private static Explanation.Answer answer(
      String name, String stage, String when, Verdict verdict, Scope scope) {
    Map<String, String> looked = new LinkedHashMap<>();
    verdict.looked().stream().sorted().forEach(v -> looked.put(v, scope.shown(v)));
    return new Explanation.Answer(
        name,
        stage,
        verdict.created(),
        when,
        verdict.reason(),
        verdict.place().file(),
        verdict.place().line(),
        looked);
  }
}
