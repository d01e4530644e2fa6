package dev.esteira.runner;

import dev.esteira.pipeline.JobRunner;
import java.util.List;
import java.util.Optional;

/** Takes the coverage out of a job's log, when its file says how. */
final class Measuring {
  private final Parts parts;
  private final JobRunner.Assignment assignment;

  Measuring(Parts parts, JobRunner.Assignment assignment) {
    this.parts = parts;
    this.assignment = assignment;
  }

  void run() {
    Attempt attempt = Attempt.of(assignment);
    Optional<String> found =
        assignment
            .job()
            .flow()
            .coverage()
            .flatMap(pattern -> Coverage.of(parts.logs(), attempt.logStream(), pattern));
    if (found.isEmpty()) {
      return;
    }
    Outcome known = parts.files().outcome(attempt.jobId()).orElse(Outcome.NOTHING);
    parts.files().outcome(attempt.jobId(), new Outcome(known.variables(), known.tests(), found));
    attempt.control(parts.home()).say(List.of("Coverage: " + found.get() + " %"));
  }
}
