package dev.esteira.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.pipeline.Dialect;
import dev.esteira.pipeline.Plan;
import dev.esteira.pipeline.Runs;
import dev.esteira.pipeline.buildspec.BuildspecDialect;
import dev.esteira.pipeline.gitlab.GitlabDialect;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

class DeliveryFilesTest {
  private static final String GITLAB = "job:\n  script: make\n";
  private static final String BUILDSPEC = "version: 0.2\nphases:\n  build:\n    commands: [make]\n";
  private static final Map<String, String> BOTH =
      Map.of(".gitlab-ci.yml", GITLAB, "buildspec.yml", BUILDSPEC);

  private static List<Plan> plans(
      String project, Map<String, String> files, Map<String, String> settings) {
    BiFunction<String, String, Optional<String>> setting =
        (p, name) -> Optional.ofNullable(settings.get(name));
    GitlabDialect gitlab = new GitlabDialect(new Lint.NoProjects("main"));
    List<Dialect> dialects =
        new DeliveryFiles(setting, gitlab, new BuildspecDialect(setting)).dialects();
    Runs.Request push = new Runs.Request(project, "c0ffee", "refs/heads/main", "ada");
    return dialects.stream()
        .flatMap(d -> d.plan(path -> Optional.ofNullable(files.get(path)), push).stream())
        .toList();
  }

  private static String dialect(
      String project, Map<String, String> files, Map<String, String> settings) {
    List<Plan> plans = plans(project, files, settings);
    assertEquals(1, plans.size());
    return plans.getFirst().dialect();
  }

  @Test
  void oneFileAloneCounts() {
    for (String project : List.of("shop", "acme/shop")) {
      assertEquals("gitlab", dialect(project, Map.of(".gitlab-ci.yml", GITLAB), Map.of()));
      assertEquals("buildspec", dialect(project, Map.of("buildspec.yml", BUILDSPEC), Map.of()));
    }
    assertTrue(plans("shop", Map.of(), Map.of()).isEmpty());
  }

  @Test
  void ofBothTheShapeOfTheProjectDecidesWithANotice() {
    assertEquals("gitlab", dialect("acme/shop", BOTH, Map.of()));
    assertEquals("buildspec", dialect("shop", BOTH, Map.of()));
    List<Plan.Notice> notices = plans("shop", BOTH, Map.of()).getFirst().notices();
    assertTrue(notices.getLast().text().contains(".gitlab-ci.yml"), notices.toString());
  }

  @Test
  void theSettingDecidesOtherwise() {
    assertEquals("buildspec", dialect("acme/shop", BOTH, Map.of("dialect", "buildspec")));
    assertEquals("gitlab", dialect("shop", BOTH, Map.of("dialect", "gitlab")));
    assertTrue(
        plans("shop", Map.of("buildspec.yml", BUILDSPEC), Map.of("dialect", "gitlab")).isEmpty());
  }
}
