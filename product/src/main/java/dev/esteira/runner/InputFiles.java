package dev.esteira.runner;

import dev.esteira.base.EsteiraException;
import dev.esteira.pipeline.JobRunner;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a job gets of those before it: their archives in its workspace, and their variables. */
final class InputFiles {
  private final Parts parts;
  private final JobRunner.Assignment assignment;
  private final Attempt attempt;

  InputFiles(Parts parts, JobRunner.Assignment assignment) {
    this.parts = parts;
    this.assignment = assignment;
    this.attempt = Attempt.of(assignment);
  }

  /** The variables of dotenv reports; a later job's beats an earlier one's. */
  Map<String, String> variables() {
    Map<String, String> variables = new LinkedHashMap<>();
    for (JobRunner.Input input : assignment.place().inputs()) {
      parts
          .files()
          .outcome(input.jobId())
          .ifPresent(outcome -> variables.putAll(outcome.variables()));
    }
    return variables;
  }

  void unpack() {
    Path workspace = attempt.workspace(parts.home());
    Path spool = attempt.directory(parts.home()).resolve("input.zip");
    for (JobRunner.Input input : assignment.place().inputs()) {
      for (JobFiles.Kept kept : parts.files().list(input.jobId())) {
        if (kept.isArchive()) {
          try {
            int files =
                parts.files().with(kept.digest(), spool, zip -> new ZipTree(workspace).unpack(zip));
            say("Artifacts of " + input.name() + " (" + kept.name() + "): " + files + " files");
          } catch (EsteiraException | UncheckedIOException e) {
            throw new JobFailure(
                "could not unpack the artifacts of " + input.name() + ": " + e.getMessage());
          }
        }
      }
    }
  }

  private void say(String line) {
    attempt.control(parts.home()).say(List.of(line));
  }
}
