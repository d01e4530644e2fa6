package dev.esteira.runner;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.pipeline.JobRunner;
import java.util.List;
import java.util.function.Consumer;

/** Brings the images of a job and of its services into the engine. */
final class JobImages {
  private final Parts parts;
  private final JobRunner.Assignment assignment;
  private final ControlDirectory control;

  JobImages(Parts parts, JobRunner.Assignment assignment, ControlDirectory control) {
    this.parts = parts;
    this.assignment = assignment;
    this.control = control;
  }

  /** The name or id by which the engine knows the image; one that is nowhere fails the job. */
  String ready(String image) {
    Consumer<String> progress = line -> control.say(List.of(line));
    try {
      if (parts.images().ships(image)) {
        return parts.images().ensure(image, progress);
      }
      return parts.resolver().resolve(assignment.run(), image, progress);
    } catch (EsteiraException e) {
      if (e.code() == ErrorCode.NOT_FOUND || e.code() == ErrorCode.INVALID) {
        throw new JobFailure("image " + image + ": " + e.text(), "image_pull_failure");
      }
      throw e;
    }
  }
}
