package dev.esteira.runner;

import dev.esteira.pipeline.JobRunner;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Publishes the site that a job has made, once the job and its artifacts have come out well. */
final class Publishing {
  private final Parts parts;
  private final RunnerSettings settings;
  private final JobRunner.Assignment assignment;
  private final Expansion variables = new Expansion();

  Publishing(
      Parts parts,
      RunnerSettings settings,
      JobRunner.Assignment assignment,
      Map<String, String> variables) {
    this.parts = parts;
    this.settings = settings;
    this.assignment = assignment;
    this.variables.putAll(variables, Expansion.Rule.LITERAL);
  }

  /** Returns why there is no site, or nothing when all is well. */
  Optional<String> run() {
    Optional<String> site = assignment.job().flow().site();
    if (site.isEmpty()) {
      return Optional.empty();
    }
    String root = plain(variables.expand(site.get()));
    for (JobFiles.Kept kept : parts.files().list(assignment.jobId())) {
      if (kept.isArchive() && holds(kept, root)) {
        publish(kept, root);
        return Optional.empty();
      }
    }
    return Optional.of(
        "there is no site: the artifacts of this job hold no directory '" + root + "'");
  }

  private static String plain(String path) {
    return path.strip().replaceFirst("^(\\./|/)+", "").replaceFirst("/+$", "");
  }

  private boolean holds(JobFiles.Kept kept, String root) {
    Path spool = Attempt.of(assignment).directory(parts.home()).resolve("site.zip");
    return parts.files().with(kept.digest(), spool, zip -> ZipTree.holds(zip, root));
  }

  private void publish(JobFiles.Kept kept, String root) {
    String project = assignment.run().project();
    boolean shown =
        parts
            .files()
            .sites()
            .publish(
                new Sites.Site(
                    project,
                    assignment.jobId(),
                    assignment.place().runSerial(),
                    kept.digest(),
                    root,
                    parts.clock().instant()));
    Attempt.of(assignment)
        .control(parts.home())
        .say(
            List.of(
                shown
                    ? "Site: " + settings.consoleUrl() + "/pages/" + project + "/"
                    : "No site: a later run has published one already"));
  }
}
