package dev.esteira.runner;

import dev.esteira.base.EsteiraException;
import dev.esteira.pipeline.Plan;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Keeps the reports of a job, and reads those that mean something here. */
final class ReportUpload {
  private static final String DOTENV = "dotenv";
  private static final String JUNIT = "junit";

  private final Parts parts;
  private final Attempt attempt;
  private final ArtifactCollector collector;
  private final List<String> lines;

  /** What is to be said goes to {@code lines}. */
  ReportUpload(Parts parts, Attempt attempt, ArtifactCollector collector, List<String> lines) {
    this.parts = parts;
    this.attempt = attempt;
    this.collector = collector;
    this.lines = lines;
  }

  /** Returns what was known before, with what these reports say. */
  Outcome run(Plan.Artifacts artifacts, Outcome before) {
    Outcome outcome = before;
    for (Map.Entry<String, List<String>> report : new TreeMap<>(artifacts.reports()).entrySet()) {
      try {
        outcome = one(artifacts, report.getKey(), report.getValue(), outcome);
      } catch (EsteiraException e) {
        lines.add("WARNING: report " + report.getKey() + ": " + e.text());
      } catch (UncheckedIOException e) {
        lines.add("WARNING: report " + report.getKey() + ": " + e.getMessage());
      }
    }
    return outcome;
  }

  private Outcome one(Plan.Artifacts artifacts, String kind, List<String> paths, Outcome before) {
    Map<String, Path> files = collector.find(paths, List.of(), _ -> false);
    files.values().removeIf(file -> !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS));
    if (files.isEmpty()) {
      lines.add("WARNING: " + String.join(", ", paths) + ": no matching files for report " + kind);
      return before;
    }
    keep(artifacts, kind, files);
    return switch (kind) {
      case DOTENV -> dotenv(files.values(), before);
      case JUNIT -> junit(files.values(), before);
      default -> {
        lines.add("Report " + kind + ": " + files.size() + " files");
        yield before;
      }
    };
  }

  private Outcome dotenv(Collection<Path> files, Outcome before) {
    Map<String, String> variables = new HashMap<>(before.variables());
    variables.putAll(Reports.dotenv(files));
    lines.add("Report dotenv: " + variables.size() + " variables for the jobs after this one");
    return new Outcome(variables, before.tests(), before.coverage());
  }

  private Outcome junit(Collection<Path> files, Outcome before) {
    Outcome.Tests tests = Reports.junit(files);
    lines.add(
        "Report junit: %d tests, %d failed, %d skipped"
            .formatted(tests.total(), tests.failed(), tests.skipped()));
    return new Outcome(before.variables(), Optional.of(tests), before.coverage());
  }

  private void keep(Plan.Artifacts artifacts, String kind, Map<String, Path> files) {
    Path zip = attempt.directory(parts.home()).resolve("artifact.zip");
    try {
      long bytes = collector.pack(files, zip);
      JobFiles.Kept described =
          new JobFiles.Kept(
              "report-" + kind,
              "",
              bytes,
              files.size(),
              Optional.of(kind),
              artifacts.expireSeconds().map(parts.clock().instant()::plusSeconds));
      parts.files().keep(attempt.jobId(), described, zip);
    } finally {
      Directories.delete(zip);
    }
  }
}
