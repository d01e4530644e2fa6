package dev.esteira.runner;

import dev.esteira.base.Digest;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.pipeline.JobRunner;
import dev.esteira.pipeline.Plan;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Keeps the artifacts of a job that is over, whether it failed or not. */
final class ArtifactUpload {
  /** Key: job id, a slash, the artifact's name. */
  static final String KIND = "artifact";

  private static final long END_MILLIS_MAX = 10_000;
  private static final long POLL_MILLIS = 10;

  private final Parts parts;
  private final JobRunner.Assignment assignment;
  private final Attempt attempt;
  private final ContainerWatch watch;

  /** What is kept of an artifact: a zip under this digest. */
  record Kept(String name, String digest, long bytes, int files) {}

  ArtifactUpload(Parts parts, JobRunner.Assignment assignment, ContainerWatch watch) {
    this.parts = parts;
    this.assignment = assignment;
    this.attempt = Attempt.of(assignment);
    this.watch = watch;
  }

  /** Returns why an artifact could not be kept, or nothing when all is well. */
  Optional<String> run(ControlDirectory control) throws InterruptedException {
    Plan.Job job = assignment.job();
    if (job.artifacts().isEmpty()) {
      return Optional.empty();
    }
    awaitEnd();
    List<Plan.Artifacts> all = ArtifactNames.replaced(job, control.names(ArtifactNames.of(job)));
    Optional<String> failure = Optional.empty();
    List<String> lines = new ArrayList<>(List.of("== UPLOAD_ARTIFACTS"));
    for (Plan.Artifacts artifacts : all) {
      Optional<String> missing = one(artifacts, lines);
      failure = failure.or(() -> missing);
    }
    control.say(lines);
    return failure;
  }

  /** Nothing in the sandbox must change the files that are being packed. */
  private void awaitEnd() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(END_MILLIS_MAX);
    while (watch.end().isEmpty() && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
    if (watch.end().isEmpty()) {
      parts.engine().stopContainer(watch.container(), 0);
    }
    parts.proxy().close(attempt.owner());
  }

  private Optional<String> one(Plan.Artifacts artifacts, List<String> lines) {
    Path workspace = attempt.workspace(parts.home());
    try {
      ArtifactCollector collector =
          new ArtifactCollector(workspace, Workplace.of(assignment).path());
      Map<String, Path> files = collector.find(artifacts);
      if (files.isEmpty()) {
        String text =
            "no matching artifact paths found for "
                + String.join(", ", artifacts.files())
                + (artifacts.baseDirectory().isEmpty() ? "" : " in " + artifacts.baseDirectory());
        lines.add(text);
        return Optional.of(text);
      }
      Kept kept = keep(artifacts.name(), collector, files);
      lines.add(
          "Artifact %s: %d files, %d bytes, %s"
              .formatted(kept.name(), kept.files(), kept.bytes(), kept.digest()));
      return Optional.empty();
    } catch (EsteiraException e) {
      lines.add(e.text());
      return Optional.of(e.text());
    }
  }

  private Kept keep(String name, ArtifactCollector collector, Map<String, Path> files) {
    Path zip = attempt.directory(parts.home()).resolve("artifact.zip");
    long bytes = collector.pack(files, zip);
    try (InputStream in = Files.newInputStream(zip)) {
      Digest digest = parts.blobs().put(in);
      Kept kept = new Kept(name, digest.value(), bytes, files.size());
      parts
          .ledger()
          .write(tx -> {
            tx.put(KIND, attempt.jobId() + "/" + name, Json.write(kept));
            return 0;
          });
      return kept;
    } catch (IOException e) {
      throw new UncheckedIOException("could not keep the artifact " + name, e);
    } finally {
      Directories.delete(zip);
    }
  }
}
