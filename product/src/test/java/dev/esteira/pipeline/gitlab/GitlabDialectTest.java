package dev.esteira.pipeline.gitlab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.pipeline.Plan;
import dev.esteira.pipeline.Runs;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GitlabDialectTest {
  private static final String JOB = "job:\n  script: make\n";

  private static Plan plan(String yaml, Runs.Request request) {
    return new GitlabDialect(new TestingProjects())
        .plan(TestingTree.of(yaml), request)
        .orElseThrow();
  }

  private static Map<String, String> predefined(String yaml, Runs.Request request) {
    return plan(yaml, request).stages().getFirst().jobs().getFirst().setting().predefined();
  }

  @Test
  void aTreeWithoutTheFileHasNoPlan() {
    GitlabDialect dialect = new GitlabDialect(new TestingProjects());
    assertEquals(
        Optional.empty(), dialect.plan(new TestingTree(), TestingTree.push("refs/heads/main")));
  }

  @Test
  void theProjectCanNameAnotherFile() {
    // Given
    GitlabDialect dialect =
        new GitlabDialect(new TestingProjects().having("ci-config-path", "ci/main.yml"));
    Runs.Request push = TestingTree.push("refs/heads/main");
    // When, Then
    Plan plan = dialect.plan(new TestingTree().with("ci/main.yml", JOB), push).orElseThrow();
    assertEquals("ci/main.yml", plan.file());
    EsteiraException missing =
        assertThrows(EsteiraException.class, () -> dialect.plan(new TestingTree(), push));
    assertEquals(ErrorCode.INVALID, missing.code());
    assertTrue(missing.text().startsWith("ci/main.yml:1: "), missing.text());
  }

  @Test
  void aChildPipelineHasTheFilesOfItsTriggerAlone() {
    // Given
    TestingTree tree =
        TestingTree.of(JOB)
            .with("child.yml", "one:\n  script: make\n")
            .with("b.yml", "two:\n  script: make\n");
    Runs.Request request =
        TestingTree.event(
            "parent_pipeline",
            "refs/heads/main",
            Map.of(GitlabDialect.FACT_FILES, "child.yml\nb.yml"));
    // When
    Plan plan = new GitlabDialect(new TestingProjects()).plan(tree, request).orElseThrow();
    // Then
    assertEquals("child.yml", plan.file());
    List<String> names = plan.stages().getFirst().jobs().stream().map(Plan.Job::name).toList();
    assertEquals(List.of("one", "two"), names);
  }

  @Test
  void aChildPipelineMayHaveInputs() {
    // Given a parent whose trigger gives inputs
    TestingTree tree =
        TestingTree.of(
                """
                child:
                  trigger:
                    include:
                      - local: child.yml
                        inputs: {name: 'b "c"', lines: [make, 'echo $X']}
                """)
            .with(
                "child.yml",
                """
                spec: {inputs: {name: {}, lines: {type: array}}}
                ---
                $[[ inputs.name ]]:
                  script: $[[ inputs.lines ]]
                """);
    GitlabDialect dialect = new GitlabDialect(new TestingProjects());
    Plan parent = dialect.plan(tree, TestingTree.push("refs/heads/main")).orElseThrow();
    Plan.Job trigger = parent.stages().getFirst().jobs().getFirst();
    String path = trigger.flow().trigger().orElseThrow().includes().getFirst().path();
    // When
    Runs.Request request =
        TestingTree.event(
            "parent_pipeline", "refs/heads/main", Map.of(GitlabDialect.FACT_FILES, path));
    Plan child = dialect.plan(tree, request).orElseThrow();
    // Then
    Plan.Job job = child.stages().getFirst().jobs().getFirst();
    assertEquals("child.yml", child.file());
    assertEquals("b \"c\"", job.name());
    assertEquals("echo $X", job.sections().getFirst().commands().getLast().text());
  }

  @Test
  void aChildPipelineMayHaveFilesOfOtherProjects() {
    // Given
    TestingTree ci = new TestingTree().with("a.yml", "one:\n  script: make\n");
    TestingTree tree = TestingTree.of(JOB).other("acme/ci@v1", ci).other("acme/ci", ci);
    Runs.Request request =
        TestingTree.event(
            "parent_pipeline",
            "refs/heads/main",
            Map.of(
                GitlabDialect.FACT_FILES,
                "acme/ci//a.yml@v1\ntemplate//Workflows/Branch-Pipelines.gitlab-ci.yml"));
    // When
    Plan plan = new GitlabDialect(new TestingProjects()).plan(tree, request).orElseThrow();
    // Then
    assertEquals("one", plan.stages().getFirst().jobs().getFirst().name());
  }

  @Test
  void predefinedVariablesOfABranch() {
    Map<String, String> all = predefined(JOB, TestingTree.push("refs/heads/feature/Login-2"));
    Map<String, String> expected =
        Map.ofEntries(
            Map.entry("CI", "true"),
            Map.entry("GITLAB_CI", "true"),
            Map.entry("CI_COMMIT_SHA", TestingTree.COMMIT),
            Map.entry("CI_COMMIT_SHORT_SHA", "c0ffee01"),
            Map.entry("CI_COMMIT_REF_NAME", "feature/Login-2"),
            Map.entry("CI_COMMIT_REF_SLUG", "feature-login-2"),
            Map.entry("CI_COMMIT_BRANCH", "feature/Login-2"),
            Map.entry("CI_COMMIT_TITLE", "Trade faster"),
            Map.entry("CI_COMMIT_DESCRIPTION", "Much faster."),
            Map.entry("CI_COMMIT_AUTHOR", "Ada <ada@example.org>"),
            Map.entry("CI_COMMIT_TIMESTAMP", "2026-01-02T03:04:05+00:00"),
            Map.entry("CI_COMMIT_BEFORE_SHA", "before"),
            Map.entry("CI_COMMIT_REF_PROTECTED", "false"),
            Map.entry("CI_DEFAULT_BRANCH", "main"),
            Map.entry("CI_PIPELINE_SOURCE", "push"),
            Map.entry("CI_PIPELINE_ID", "%{RUN_NUMBER}"),
            Map.entry("CI_PIPELINE_IID", "%{RUN_NUMBER_IN_PROJECT}"),
            Map.entry("CI_JOB_NAME", "job"),
            Map.entry("CI_JOB_STAGE", "test"),
            Map.entry("CI_JOB_TOKEN", "%{JOB_TOKEN}"),
            Map.entry("CI_PROJECT_DIR", "%{WORKSPACE}"),
            Map.entry("CI_PROJECT_NAME", "bot"),
            Map.entry("CI_PROJECT_NAMESPACE", "acme/shop"),
            Map.entry("CI_PROJECT_ROOT_NAMESPACE", "acme"),
            Map.entry("CI_PROJECT_PATH", "acme/shop/bot"),
            Map.entry("CI_PROJECT_PATH_SLUG", "acme-shop-bot"),
            Map.entry("CI_REGISTRY", "registry.gitlab.com"),
            Map.entry("CI_REGISTRY_IMAGE", "registry.gitlab.com/acme/shop/bot"),
            Map.entry("CI_REGISTRY_USER", "gitlab-ci-token"),
            Map.entry("CI_REGISTRY_PASSWORD", "%{JOB_TOKEN}"),
            Map.entry("CI_NODE_TOTAL", "1"),
            Map.entry("GITLAB_USER_LOGIN", "ada"),
            Map.entry("CI_BUILD_REF", TestingTree.COMMIT),
            Map.entry("CI_BUILD_TOKEN", "%{JOB_TOKEN}"));
    expected.forEach((name, value) -> assertEquals(value, all.get(name), name));
    assertFalse(all.containsKey("CI_COMMIT_TAG"));
    assertFalse(all.containsKey("CI_MERGE_REQUEST_IID"));
  }

  @Test
  void predefinedVariablesOfATag() {
    Map<String, String> all =
        predefined(JOB, TestingTree.event("push", "refs/tags/v1.2", Map.of("tag.message", "Ship")));
    assertEquals("v1.2", all.get("CI_COMMIT_TAG"));
    assertEquals("Ship", all.get("CI_COMMIT_TAG_MESSAGE"));
    assertEquals("v1-2", all.get("CI_COMMIT_REF_SLUG"));
    assertEquals("v1.2", all.get("CI_BUILD_TAG"));
    assertFalse(all.containsKey("CI_COMMIT_BRANCH"));
  }

  @Test
  void predefinedVariablesOfAMergeRequest() {
    Map<String, String> all =
        predefined(JOB + "  only: [merge_requests]\n", TestingTree.mergeRequest());
    assertEquals("7", all.get("CI_MERGE_REQUEST_IID"));
    assertEquals("feature/x", all.get("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME"));
    assertEquals("main", all.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME"));
    assertEquals("feature/x", all.get("CI_COMMIT_REF_NAME"));
    assertFalse(all.containsKey("CI_COMMIT_BRANCH"));
  }

  @Test
  void projectVariablesAreSeenByRulesAndNeverKeptInThePlan() {
    // Given
    String yaml =
        """
        job:
          script: make
          image: $IMAGE
          environment: $PLACE
          rules:
            - if: $SECRET == "abc"
        """;
    TestingProjects projects =
        new TestingProjects()
            .variable("SECRET", "abc", true)
            .variable("IMAGE", "private/image", false)
            .variable("PLACE", "qa", false);
    // When
    Plan plan =
        new GitlabDialect(projects)
            .plan(TestingTree.of(yaml), TestingTree.push("refs/heads/main"))
            .orElseThrow();
    // Then
    Plan.Job job = plan.stages().getFirst().jobs().getFirst();
    assertEquals("$IMAGE", job.image());
    assertEquals("qa", job.flow().environment().orElseThrow().name());
    assertEquals("qa", job.setting().predefined().get("CI_ENVIRONMENT_NAME"));
    assertFalse(job.toString().contains("abc"));
  }

  @Test
  void aRemoteFileIsTakenWhenItCanBeHad() {
    // Given
    TestingProjects projects = new TestingProjects().page("https://example.org/ci.yml", JOB);
    TestingTree tree = TestingTree.of("include: https://example.org/ci.yml\n");
    // When
    Plan plan =
        new GitlabDialect(projects).plan(tree, TestingTree.push("refs/heads/main")).orElseThrow();
    // Then
    assertEquals("job", plan.stages().getFirst().jobs().getFirst().name());
  }

  @Test
  void tooManyIncludesAreRefused() {
    TestingTree tree = TestingTree.of("include: 'many/*.yml'\njob:\n  script: make\n");
    for (int i = 0; i <= Includes.FILES_MAX; i++) {
      tree.with("many/" + i + ".yml", ".hidden" + i + ":\n  script: make\n");
    }
    EsteiraException e =
        assertThrows(
            EsteiraException.class,
            () ->
                new GitlabDialect(new TestingProjects())
                    .plan(tree, TestingTree.push("refs/heads/main")));
    assertTrue(e.text().contains("more than 150 files are included"), e.text());
  }

  @Test
  void aPatternThatGoesBackTooOftenIsALimit() {
    String yaml =
        "job:\n  script: make\n  rules:\n    - if: $TEXT =~ /a.*a.*a.*a.*a.*a.*a.*a.*b/\n";
    TestingProjects projects = new TestingProjects().variable("TEXT", "a".repeat(60) + "!", false);
    EsteiraException e =
        assertThrows(
            EsteiraException.class,
            () ->
                new GitlabDialect(projects)
                    .plan(TestingTree.of(yaml), TestingTree.push("refs/heads/main")));
    assertEquals(ErrorCode.LIMIT, e.code());
  }

  @Test
  void environmentSlugsAreGitlabs() {
    assertEquals("production", Slugs.environment("production"));
    assertEquals(24, Slugs.environment("review/a-very-long-branch-name").length());
    assertTrue(Slugs.environment("Staging").startsWith("staging-"));
    assertTrue(Slugs.environment("1").startsWith("env-1-"));
  }

  @Test
  void timesAreReadAsPeopleWriteThem() {
    Map<String, Long> times =
        Map.ofEntries(
            Map.entry("42", 42L),
            Map.entry("42 seconds", 42L),
            Map.entry("3 mins 4 sec", 184L),
            Map.entry("2 hrs 20 min", 8400L),
            Map.entry("2h20min", 8400L),
            Map.entry("1h 30m", 5400L),
            Map.entry("6 mos 1 day", 6 * 2_592_000L + 86_400L),
            Map.entry("47 yrs 6 mos and 4d", 47 * 31_557_600L + 6 * 2_592_000L + 4 * 86_400L),
            Map.entry("3 weeks and 2 days", 23 * 86_400L),
            Map.entry("1.5 hours", 5400L),
            Map.entry("01:30:00", 5400L));
    times.forEach(
        (text, seconds) -> assertEquals(Optional.of(seconds), Durations.seconds(text), text));
    for (String text : List.of("", "soon", "h", "1 fortnight", "12x")) {
      assertEquals(Optional.empty(), Durations.seconds(text), text);
    }
  }

  @Test
  void globsAreRubys() {
    String[][] cases = {
      {"*.md", "a.md", "true"},
      {"*.md", "docs/a.md", "false"},
      {"**/*.md", "docs/deep/a.md", "true"},
      {"**/*.md", "a.md", "true"},
      {"docs/**/*", "docs/a/b.md", "true"},
      {"docs/**", "docs/a", "true"},
      {"docs/**", "docs/a/b", "false"},
      {"docs/*", "docs/.hidden", "true"},
      {"*.{c,h}", "a.h", "true"},
      {"*.{c,h}", "a.o", "false"},
      {"a?c", "abc", "true"},
      {"a?c", "a/c", "false"},
      {"[ab].c", "b.c", "true"},
      {"[!ab].c", "b.c", "false"},
      {"Dockerfile", "Dockerfile", "true"},
      {"a.c", "abc", "false"},
    };
    for (String[] c : cases) {
      assertEquals(
          Boolean.parseBoolean(c[2]),
          Globs.anyMatches(List.of(c[0]), List.of(c[1])),
          c[0] + " on " + c[1]);
    }
  }
}
