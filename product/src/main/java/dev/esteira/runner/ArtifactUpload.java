package dev.esteira.runner;

import dev.esteira.base.EsteiraException;
import dev.esteira.pipeline.JobRunner;
import dev.esteira.pipeline.Plan;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Keeps the artifacts, reports and caches of a job that is over, whether it failed or not. */
final class ArtifactUpload {
  private static final String PLAIN_NAME = "artifacts";

  private final Parts parts;
  private final JobRunner.Assignment assignment;
  private final Attempt attempt;
  private final ContainerWatch watch;
  private final boolean script;
  private final Path workspace;
  private final Set<String> tracked;

  ArtifactUpload(Parts parts, JobRunner.Assignment assignment, ContainerWatch watch) {
    this.parts = parts;
    this.assignment = assignment;
    this.attempt = Attempt.of(assignment);
    this.watch = watch;
    this.script = Workplace.isScript(assignment.job());
    this.workspace = attempt.workspace(parts.home());
    this.tracked = TrackedFiles.noted(attempt.directory(parts.home()));
  }

  /** Whether something kept after such ends is kept after this one. */
  static boolean fits(Plan.Keep keep, boolean failed) {
    return switch (keep) {
      case ON_SUCCESS -> !failed;
      case ON_FAILURE -> failed;
      case ALWAYS -> true;
    };
  }

  /** Returns why an artifact could not be kept, or nothing when all is well. */
  Optional<String> run(ControlDirectory control, boolean failed) throws InterruptedException {
    Plan.Job job = assignment.job();
    boolean caches = !job.cachePaths().isEmpty() || !job.setting().caches().isEmpty();
    if (job.artifacts().isEmpty() && !caches) {
      return Optional.empty();
    }
    // Nothing in the sandbox must change the files that are being packed.
    watch.awaitEnd();
    parts.proxy().close(attempt.owner());
    if (caches) {
      new Caches(parts, assignment).save(failed, tracked);
    }
    if (job.artifacts().isEmpty()) {
      return Optional.empty();
    }
    parts.files().sweep();
    List<String> lines = new ArrayList<>(List.of("== UPLOAD_ARTIFACTS"));
    Optional<String> failure = Optional.empty();
    Outcome outcome = Outcome.NOTHING;
    for (Plan.Artifacts artifacts :
        ArtifactNames.replaced(job, control.names(ArtifactNames.of(job)))) {
      if (fits(artifacts.keep(), failed)) {
        Optional<String> missing = attempt(() -> one(artifacts, lines), lines);
        failure = failure.or(() -> missing);
      }
      ReportUpload reports = new ReportUpload(parts, attempt, collector(), lines);
      outcome = reports.run(artifacts, outcome);
    }
    parts.files().outcome(attempt.jobId(), outcome);
    control.say(lines);
    return failure;
  }

  private interface Work {
    Optional<String> run();
  }

  private static Optional<String> attempt(Work work, List<String> lines) {
    try {
      return work.run();
    } catch (EsteiraException e) {
      lines.add(e.text());
      return Optional.of(e.text());
    } catch (UncheckedIOException e) {
      lines.add(e.toString());
      return Optional.of(e.toString());
    }
  }

  private ArtifactCollector collector() {
    return new ArtifactCollector(
        workspace,
        Workplace.of(assignment).path(),
        script ? ArtifactCollector.Style.SCRIPT : ArtifactCollector.Style.BUILD);
  }

  private Optional<String> one(Plan.Artifacts artifacts, List<String> lines) {
    if (artifacts.files().isEmpty() && !artifacts.untracked()) {
      return Optional.empty();
    }
    ArtifactCollector collector = collector();
    Map<String, Path> files =
        script
            ? collector.find(
                artifacts.files(),
                artifacts.excludes(),
                name -> artifacts.untracked() && !tracked.contains(name))
            : collector.find(artifacts);
    if (script) {
      unmatched(collector, artifacts, files, lines);
    }
    if (files.isEmpty()) {
      return nothing(artifacts, lines);
    }
    JobFiles.Kept kept = keep(artifacts, collector, files);
    lines.add(
        "Artifact %s: %d files, %d bytes, %s"
            .formatted(kept.name(), kept.files(), kept.bytes(), kept.digest()));
    return Optional.empty();
  }

  private void unmatched(
      ArtifactCollector collector,
      Plan.Artifacts artifacts,
      Map<String, Path> files,
      List<String> lines) {
    for (String path : artifacts.files()) {
      if (!collector.means(path, files)) {
        lines.add(
            "WARNING: "
                + path
                + ": no matching files. Ensure that the artifact path is relative to the working"
                + " directory ("
                + Workplace.of(assignment).path()
                + ")");
      }
    }
  }

  private Optional<String> nothing(Plan.Artifacts artifacts, List<String> lines) {
    if (script) {
      lines.add("ERROR: No files to upload");
      return Optional.empty();
    }
    String text =
        "no matching artifact paths found for "
            + String.join(", ", artifacts.files())
            + (artifacts.baseDirectory().isEmpty() ? "" : " in " + artifacts.baseDirectory());
    lines.add(text);
    return Optional.of(text);
  }

  private JobFiles.Kept keep(
      Plan.Artifacts artifacts, ArtifactCollector collector, Map<String, Path> files) {
    String name = artifacts.name().isBlank() ? PLAIN_NAME : artifacts.name().replace('/', '-');
    Path zip = attempt.directory(parts.home()).resolve("artifact.zip");
    try {
      long bytes = collector.pack(files, zip);
      JobFiles.Kept described =
          new JobFiles.Kept(
              name,
              "",
              bytes,
              files.size(),
              Optional.of(JobFiles.Kept.ARCHIVE),
              artifacts.expireSeconds().map(parts.clock().instant()::plusSeconds));
      return parts.files().keep(attempt.jobId(), described, zip);
    } finally {
      Directories.delete(zip);
    }
  }
}
