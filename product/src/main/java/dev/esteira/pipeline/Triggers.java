package dev.esteira.pipeline;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Carries out jobs that trigger another pipeline in place of a sandbox. */
final class Triggers {
  /** A fact of the request: the files, by line, that make a child pipeline. */
  static final String CHILD_FILES = "child.files";

  private final RunBook book;
  private final Planner planner;
  private final JobRunner runner;

  Triggers(RunBook book, Planner planner, JobRunner runner) {
    this.book = book;
    this.planner = planner;
    this.runner = runner;
  }

  /** Plans and begins the other run; what makes that impossible fails the job. */
  void start(JobRunner.Assignment assignment, JobRunner.Events events) {
    try {
      Flow.Trigger trigger = assignment.job().flow().trigger().orElseThrow();
      Request wanted = trigger.project().isPresent() ? other(assignment) : child(assignment);
      Runs.Planned planned = planner.plan(wanted.request(), true, wanted.files());
      Plan plan = planned.plan().orElseThrow(() -> EsteiraException.invalid(planned.failure()));
      Planner.refuseEmpty(plan);
      book.trigger(
          assignment.jobId(), assignment.attempt(), wanted.request(), plan, trigger.depend());
    } catch (EsteiraException e) {
      if (e.code() == ErrorCode.UNAVAILABLE || e.code() == ErrorCode.INTERNAL) {
        throw e;
      }
      events.failed(
          assignment.jobId(),
          assignment.attempt(),
          new JobRunner.Failure(e.text(), JobRunner.Failure.CHILD, Optional.empty()));
    }
  }

  /** {@code files} stand beside those of the commit. */
  private record Request(Runs.Request request, Map<String, String> files) {}

  private Request child(JobRunner.Assignment assignment) {
    Runs.Request parent = assignment.run();
    Flow.Trigger trigger = assignment.job().flow().trigger().orElseThrow();
    Map<String, String> files = new HashMap<>();
    for (Flow.Include include : trigger.includes()) {
      include
          .fromJob()
          .ifPresent(job -> files.put(include.path(), artifact(assignment, job, include.path())));
    }
    List<String> paths = trigger.includes().stream().map(Flow.Include::path).toList();
    Map<String, String> facts = new HashMap<>(parent.facts());
    facts.put(CHILD_FILES, String.join("\n", paths));
    return new Request(
        new Runs.Request(
            parent.project(),
            parent.commit(),
            parent.ref(),
            parent.actor(),
            "parent_pipeline",
            parent.before(),
            variables(parent, trigger),
            facts),
        files);
  }

  private String artifact(JobRunner.Assignment assignment, String job, String path) {
    return book.jobNamed(assignment.runId(), job)
        .flatMap(found -> runner.artifact(found.id(), path))
        .orElseThrow(() ->
            EsteiraException.notFound(
                "job %s triggers a pipeline from %s of job %s, but there is no such artifact"
                    .formatted(assignment.job().name(), path, job)));
  }

  private Request other(JobRunner.Assignment assignment) {
    Runs.Request parent = assignment.run();
    Flow.Trigger trigger = assignment.job().flow().trigger().orElseThrow();
    String project = trigger.project().orElseThrow();
    DurableRuns.Tip tip =
        planner
            .tip(project, trigger.branch())
            .orElseThrow(() ->
                EsteiraException.notFound(
                    "there is no project '%s' with a branch '%s'"
                        .formatted(project, trigger.branch().orElse("(default)"))));
    return new Request(
        new Runs.Request(
            project,
            tip.commit(),
            tip.ref(),
            parent.actor(),
            "pipeline",
            Optional.empty(),
            variables(parent, trigger),
            Map.of()),
        Map.of());
  }

  private static Map<String, String> variables(Runs.Request parent, Flow.Trigger trigger) {
    Map<String, String> variables = new HashMap<>();
    if (trigger.forwardRunVariables()) {
      variables.putAll(parent.variables());
    }
    variables.putAll(trigger.variables());
    return variables;
  }
}
