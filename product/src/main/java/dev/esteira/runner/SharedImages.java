package dev.esteira.runner;

import dev.esteira.pipeline.JobRunner;

/**
 * What a shell runner's one Docker daemon is to jobs that bring none of their own: an image that a
 * job of a run has built is there for the jobs of the run that come later, to be tried or pushed.
 * Jobs with a Docker service are alone with theirs, as they are on GitLab.
 */
final class SharedImages {
  private final Parts parts;
  private final JobRunner.Assignment assignment;

  SharedImages(Parts parts, JobRunner.Assignment assignment) {
    this.parts = parts;
    this.assignment = assignment;
  }

  /** Gives the job what earlier jobs have left. */
  void take() {
    if (shared()) {
      parts.proxy().take(assignment.runId(), Attempt.of(assignment).owner());
    }
  }

  /** Leaves what the job has made to those that come. */
  void keep() {
    if (shared()) {
      parts.proxy().keep(Attempt.of(assignment).owner(), assignment.runId());
    }
  }

  private boolean shared() {
    return Workplace.isScript(assignment.job())
        && assignment.job().setting().services().stream()
            .noneMatch(service -> ServiceNames.isDocker(service.image()));
  }
}
