package dev.esteira.runner;

import dev.esteira.base.Json;
import dev.esteira.pipeline.Plan;
import dev.esteira.pipeline.Setting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * The files that the commit brought, noted before anything else comes: whatever a job leaves beside
 * them is untracked. The job's own git is not asked, for the job may have made it say anything.
 */
final class TrackedFiles {
  private TrackedFiles() {}

  static void note(Plan.Job job, Path workspace, Path directory) {
    boolean wanted =
        job.artifacts().stream().anyMatch(Plan.Artifacts::untracked)
            || job.setting().caches().stream().anyMatch(Setting.Cache::untracked);
    if (!wanted) {
      return;
    }
    Set<String> names =
        new ArtifactCollector(workspace, "/", ArtifactCollector.Style.SCRIPT).names();
    try {
      Files.writeString(file(directory), Json.write(names));
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + file(directory), e);
    }
  }

  static Set<String> noted(Path directory) {
    if (!Files.exists(file(directory))) {
      return Set.of();
    }
    try {
      return Set.of(Json.read(Files.readString(file(directory)), String[].class));
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + file(directory), e);
    }
  }

  private static Path file(Path directory) {
    return directory.resolve("tracked.json");
  }
}
