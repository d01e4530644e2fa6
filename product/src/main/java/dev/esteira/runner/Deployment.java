package dev.esteira.runner;

import dev.esteira.pipeline.Flow;
import dev.esteira.pipeline.JobRunner;
import java.util.Map;
import java.util.Optional;

/** Tells where a job deploys to: names and addresses hold variables of the job. */
final class Deployment {
  private final JobRunner.Assignment assignment;
  private final JobRunner.Events events;
  private Optional<String> told = Optional.empty();

  Deployment(JobRunner.Assignment assignment, JobRunner.Events events) {
    this.assignment = assignment;
    this.events = events;
  }

  /** Tells it, unless just that has been told; {@code reported} are of the job itself. */
  void tell(Map<String, String> variables, Map<String, String> reported) {
    Optional<Flow.Environment> environment = assignment.job().flow().environment();
    if (environment.isEmpty()) {
      return;
    }
    Expansion expansion = new Expansion();
    expansion.putAll(variables, Expansion.Rule.LITERAL);
    expansion.putAll(reported, Expansion.Rule.LITERAL);
    String name = expansion.expand(environment.get().name());
    Optional<String> url = environment.get().url().map(expansion::expand);
    String news = name + " " + url.orElse("");
    if (told.filter(news::equals).isEmpty()) {
      told = Optional.of(news);
      events.environment(assignment.jobId(), assignment.attempt(), name, url);
    }
  }
}
