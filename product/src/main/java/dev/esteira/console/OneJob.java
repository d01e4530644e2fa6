package dev.esteira.console;

import dev.esteira.base.EsteiraException;
import dev.esteira.pipeline.Plan;
import java.util.List;

/** A plan cut down to one of its jobs, which waits for nothing and nobody. */
final class OneJob {
  private static final int NAMES_SHOWN_MAX = 50;

  private OneJob() {}

  static Plan of(Plan plan, String name) {
    for (Plan.Stage stage : plan.stages()) {
      for (Plan.Job job : stage.jobs()) {
        if (job.name().equals(name)) {
          return new Plan(
              plan.dialect(),
              plan.file(),
              List.of(new Plan.Stage(stage.name(), List.of(job.with(job.flow().alone())))),
              plan.notices());
        }
      }
    }
    List<String> names =
        plan.stages().stream()
            .flatMap(stage -> stage.jobs().stream())
            .map(Plan.Job::name)
            .limit(NAMES_SHOWN_MAX)
            .toList();
    throw EsteiraException.notFound(
        "%s plans no job '%s' for this; it plans: %s"
            .formatted(plan.file(), name, String.join(", ", names)));
  }
}
