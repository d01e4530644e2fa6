package dev.esteira.pipeline.gitlab;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What stands for GitLab's own templates, whose text is not part of this house. The two that only
 * choose between branch and merge request pipelines are known by their effect; those that scan are
 * left out with a notice, because a pipeline can do without; all others are missed.
 */
final class Templates {
  /** What their names begin with. */
  private static final String SCANS =
      "(?:%s)[\\w.-]*"
          .formatted(
              String.join(
                  "|",
                  "SAST",
                  "Secret-Detection",
                  "Dependency-Scanning",
                  "Container-Scanning",
                  "Cluster-Image-Scanning",
                  "Coverage-Fuzzing",
                  "API-Fuzzing",
                  "API-Security",
                  "API-Discovery",
                  "DAST",
                  "License-Management",
                  "License-Scanning",
                  "Code-Quality",
                  "Browser-Performance",
                  "Load-Performance"));

  /** With their directory, and bare, as they were named before they had one. */
  private static final Pattern SCANNERS =
      Pattern.compile("Security/\\S*|(?:Jobs/|Verify/)?" + SCANS);

  private static final Pattern SCANNERS_ADDRESS =
      Pattern.compile(
          "https?://gitlab\\.com/gitlab-org/gitlab(?:-foss|-ce)?/(?:-/)?raw/\\S*/templates/"
              + "(?:Security/\\S*|(?:Jobs/|Verify/)?"
              + SCANS
              + ")");

  private static final Pattern SCANNING_COMPONENTS =
      Pattern.compile(
          "components/(?:%s)"
              .formatted(
                  String.join(
                      "|",
                      "sast",
                      "secret-detection",
                      "dependency-scanning",
                      "container-scanning",
                      "dast",
                      "code-quality\\S*",
                      "code-intelligence",
                      "api-fuzzing",
                      "api-security",
                      "coverage-fuzzing",
                      "licen[cs]e-\\S*")));

  private static final Map<String, String> KNOWN =
      Map.of(
          "Workflows/Branch-Pipelines.gitlab-ci.yml",
          """
          workflow:
            rules:
              - if: $CI_COMMIT_TAG
              - if: $CI_COMMIT_BRANCH
          """,
          "Workflows/MergeRequest-Pipelines.gitlab-ci.yml",
          """
          workflow:
            rules:
              - if: $CI_MERGE_REQUEST_IID
              - if: $CI_COMMIT_TAG
              - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
          """);

  private Templates() {}

  static Optional<String> known(String name) {
    return Optional.ofNullable(KNOWN.get(name));
  }

  /** Whether this project of GitLab's own components has only such that look for weaknesses. */
  static boolean isScanningComponent(String project) {
    return SCANNING_COMPONENTS.matcher(project).matches();
  }

  /** Whether this is where GitLab publishes a template that {@link #scans}. */
  static boolean isScannersAddress(String url) {
    return SCANNERS_ADDRESS.matcher(url).matches();
  }

  /** Whether its jobs only look for weaknesses. */
  static boolean scans(String name) {
    return SCANNERS.matcher(name).matches();
  }
}
