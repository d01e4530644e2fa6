package dev.esteira.pipeline;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import java.util.List;
import java.util.Optional;

/**
 * A run that is about to be recorded. Its plan is written as text beforehand, because nobody else
 * can write to the ledger while a transaction does that.
 *
 * @param graph which of its jobs waits for which, as text
 * @param jobs what the plan says of each, as text
 */
record Newborn(
    String id,
    Runs.Request request,
    RunBook.Outcome outcome,
    Optional<String> graph,
    List<String> jobs) {
  private static final int JOBS_PER_RUN_MAX = 500;

  Newborn {
    jobs = List.copyOf(jobs);
  }

  static Newborn of(String id, Runs.Request request, RunBook.Outcome outcome) {
    List<Plan.Job> jobs =
        outcome.plan().stream()
            .flatMap(plan -> plan.stages().stream())
            .flatMap(stage -> stage.jobs().stream())
            .toList();
    if (jobs.size() > JOBS_PER_RUN_MAX) {
      throw EsteiraException.invalid(
          "%s:1: %d jobs, but a run has at most %d"
              .formatted(outcome.plan().map(Plan::file).orElse(""), jobs.size(), JOBS_PER_RUN_MAX));
    }
    return new Newborn(
        id,
        request,
        outcome,
        outcome.plan().map(plan -> Json.write(Graph.of(plan))),
        jobs.stream().map(Json::write).toList());
  }
}
