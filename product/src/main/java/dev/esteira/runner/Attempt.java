package dev.esteira.runner;

import dev.esteira.access.Access;
import dev.esteira.base.Home;
import dev.esteira.pipeline.JobRunner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The names that belong to one attempt of a job. */
record Attempt(String jobId, int number) {
  static Attempt of(JobRunner.Assignment assignment) {
    return new Attempt(assignment.jobId(), assignment.attempt());
  }

  /** The key of its record in the ledger. */
  String key() {
    return jobId + "/" + number;
  }

  /** The owner of its bridge, its Docker API and its tokens; the same for each attempt. */
  String owner() {
    return "job/" + jobId;
  }

  Access.Principal principal(Optional<String> project) {
    return new Access.Principal(owner(), project);
  }

  String logStream() {
    return "job/" + key();
  }

  String container(Home home) {
    return "esteira-" + home.id() + "-job-" + jobId + "-" + number;
  }

  Path directory(Home home) {
    return home.job(jobId).resolve(Integer.toString(number));
  }

  Path workspace(Home home) {
    return directory(home).resolve("work");
  }

  /** Where the job's Docker API listens; the sandbox can connect but change nothing there. */
  Path door(Home home) {
    return directory(home).resolve("door");
  }

  ControlDirectory control(Home home) {
    return new ControlDirectory(directory(home).resolve("control"));
  }

  /** The first lines of its log. */
  List<String> header(JobRunner.Assignment assignment) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "Job %s of run %d, commit %s, image %s"
            .formatted(
                assignment.job().name(),
                assignment.runNumber(),
                assignment.run().commit(),
                assignment.job().image()));
    if (number > 1) {
      lines.add("Attempt " + number + ", because a system failure ended the one before");
    }
    return lines;
  }
}
