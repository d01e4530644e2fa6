package dev.esteira.runner;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.engine.ImageName;
import dev.esteira.pipeline.JobRunner;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Brings the images of a job and of its services into the engine. */
final class JobImages {
  private static final String PULL_FAILURE = "image_pull_failure";

  private final Parts parts;
  private final JobRunner.Assignment assignment;
  private final ControlDirectory control;

  JobImages(Parts parts, JobRunner.Assignment assignment, ControlDirectory control) {
    this.parts = parts;
    this.assignment = assignment;
    this.control = control;
  }

  /**
   * The same for an image as the file writes it. When it is nowhere, variables that it names and
   * that have no value are the likeliest cause, so they are told as well.
   */
  String ready(String written, JobEnvironment variables) {
    String image = variables.expand(written).strip();
    if (image.isEmpty()) {
      throw new JobFailure(
          "the image is written '%s', and that is empty here: %s"
              .formatted(written, unset(written, variables)),
          PULL_FAILURE);
    }
    try {
      return ready(image);
    } catch (JobFailure e) {
      String unset = unset(written, variables);
      throw unset.isEmpty()
          ? e
          : new JobFailure("%s (written '%s': %s)".formatted(e.text(), written, unset), e.reason());
    }
  }

  private String unset(String written, JobEnvironment variables) {
    Set<String> unset = variables.unset(written);
    if (unset.isEmpty()) {
      return "";
    }
    return UnsetVariables.told(parts.access(), assignment.run().project(), unset);
  }

  /** The name or id by which the engine knows the image; one that is nowhere fails the job. */
  String ready(String image) {
    Consumer<String> progress = line -> control.say(List.of(line));
    try {
      if (parts.images().ships(image)) {
        return parts.images().ensure(image, progress);
      }
      // A name that is none must not reach the engine: it would be asked for another address.
      ImageName.parse(image);
      return parts.resolver().resolve(assignment.run(), image, progress);
    } catch (EsteiraException e) {
      if (e.code() == ErrorCode.NOT_FOUND || e.code() == ErrorCode.INVALID) {
        throw new JobFailure("image " + image + ": " + e.text(), PULL_FAILURE);
      }
      throw e;
    }
  }
}
