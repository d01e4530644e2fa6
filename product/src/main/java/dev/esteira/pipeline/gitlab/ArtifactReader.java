package dev.esteira.pipeline.gitlab;

import dev.esteira.pipeline.Plan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code artifacts} of a job, its reports included. */
final class ArtifactReader {
  private static final long USUAL_EXPIRE_SECONDS = 30L * 86_400;
  private static final String USUAL_NAME = "artifacts";
  private static final Set<String> KNOWN =
      Set.of(
          "paths",
          "exclude",
          "expire_in",
          "expose_as",
          "name",
          "public",
          "access",
          "reports",
          "untracked",
          "when");
  private static final Set<String> REPORTS =
      Set.of(
          "accessibility",
          "annotations",
          "api_fuzzing",
          "browser_performance",
          "cluster_image_scanning",
          "codequality",
          "container_scanning",
          "coverage_fuzzing",
          "coverage_report",
          "cyclonedx",
          "dast",
          "dependency_scanning",
          "dotenv",
          "jacoco",
          "junit",
          "license_scanning",
          "load_performance",
          "lsif",
          "metrics",
          "performance",
          "repository_xray",
          "requirements",
          "requirements_v2",
          "sast",
          "secret_detection",
          "terraform");

  private final Fields fields;

  ArtifactReader(Fields fields) {
    this.fields = fields;
  }

  /** {@code more}: a path that is kept though it is not among those written. */
  List<Plan.Artifacts> artifacts(Node.Keys job, Optional<String> more) {
    Optional<Node.Keys> written = job.get("artifacts").flatMap(n -> fields.keys(n, "artifacts"));
    return written
        .or(() -> more.map(_ -> new Node.Keys(Map.of(), job.place())))
        .map(keys -> List.of(read(keys, more)))
        .orElse(List.of());
  }

  private Plan.Artifacts read(Node.Keys artifacts, Optional<String> more) {
    fields.unknown(artifacts, "artifacts.", KNOWN);
    List<String> paths = new ArrayList<>(fields.texts(artifacts, "paths", "artifacts."));
    more.filter(path -> !paths.contains(path)).ifPresent(paths::add);
    return new Plan.Artifacts(
        fields.text(artifacts, "name", "artifacts.").orElse(USUAL_NAME),
        "",
        paths,
        fields.texts(artifacts, "exclude", "artifacts."),
        false,
        new SettingReader(fields).keep(artifacts, "artifacts."),
        expire(artifacts),
        fields.flag(artifacts, "untracked", "artifacts.").orElse(false),
        reports(artifacts));
  }

  private Optional<Long> expire(Node.Keys artifacts) {
    Optional<Node> node = artifacts.get("expire_in");
    if (node.isEmpty()) {
      return Optional.of(USUAL_EXPIRE_SECONDS);
    }
    boolean never = node.get() instanceof Node.Text t && t.value().strip().equals("never");
    return never ? Optional.empty() : fields.seconds(artifacts, "expire_in", "artifacts.");
  }

  private Map<String, List<String>> reports(Node.Keys artifacts) {
    Map<String, List<String>> reports = new LinkedHashMap<>();
    Optional<Node.Keys> written =
        artifacts.get("reports").flatMap(n -> fields.keys(n, "artifacts.reports"));
    if (written.isEmpty()) {
      return reports;
    }
    for (Node.Entry entry : written.get().entries()) {
      if (!REPORTS.contains(entry.key())) {
        fields
            .problems()
            .notice(
                entry.place(),
                "the kind of report '" + entry.key() + "' is not known here; it is kept as it is");
      }
      List<String> paths =
          entry.value() instanceof Node.Keys keys
              ? fields.texts(keys, "path", "artifacts.reports." + entry.key() + ".")
              : fields.texts(entry.value(), "artifacts.reports." + entry.key());
      if (!paths.isEmpty()) {
        reports.put(entry.key(), paths);
      }
    }
    return reports;
  }
}
