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
  private static final Pattern SCANNERS =
      Pattern.compile(
          "(?:Security/|Jobs/(?:SAST|Secret|Dependency|Container|License|Code-Quality|DAST"
              + "|Browser-Performance|Load-Performance))\\S*|(?:Jobs/)?Code-Quality\\S*"
              + "|\\S*License-(?:Management|Scanning)\\S*");
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

  /** Whether its jobs only look for weaknesses. */
  static boolean scans(String name) {
    return SCANNERS.matcher(name).matches();
  }
}
