package dev.esteira.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a GitLab file says comes true: which jobs run for which push, and what a push answers. */
@Tag("system")
@Timeout(600)
class GitlabFilesTest {
  private static final Duration LIMIT = Duration.ofMinutes(4);
  private static final String PROJECT = "crew/files/app";
  private static final String SHARED = "crew/files/shared";

  @TempDir static Path directory;
  private static TestHouse house;
  private static String git;

  @BeforeAll
  static void projects() {
    house = TestHouse.shared();
    house.esteira(LIMIT, "project", "create", PROJECT).orFail();
    house.esteira(LIMIT, "project", "create", SHARED).orFail();
    house.esteira(LIMIT, "var", "set", "--group", "crew", "STAGE=blue").orFail();
    git = house.json("project", "show", PROJECT, "--json").path("git").asText();
  }

  private static Shell repository(String name) throws IOException {
    Path repository = Files.createDirectories(directory.resolve(name));
    Shell shell = house.client(repository);
    shell.bash(LIMIT, "git init -q -b main").orFail();
    return shell;
  }

  private static String push(Shell shell, String url, String ref) {
    String script = "git add -A && git commit -qm change && git push -f " + url + " " + ref;
    Shell.Result pushed = shell.bash(LIMIT, script);
    pushed.orFail();
    return pushed.err().replaceAll(" +\\n", "\n");
  }

  @Test
  void rulesAndIncludesDecideWhatRunsAndTheHouseSaysWhyNot() throws IOException {
    // Given
    Shell shared = repository("shared");
    Files.writeString(
        directory.resolve("shared/base.yml"), ".base:\n  before_script: [echo of base]\n");
    String sharedGit = house.json("project", "show", SHARED, "--json").path("git").asText();
    push(shared, sharedGit, "main");
    Shell shell = repository("app");
    Files.writeString(
        directory.resolve("app/.gitlab-ci.yml"),
        """
        include:
          - project: crew/files/shared
            file: base.yml
        blue:
          extends: .base
          parallel: {matrix: [{SIDE: [left, right]}]}
          rules: [{if: $STAGE == "blue" && $CI_COMMIT_BRANCH}]
          script: echo "$SIDE of $STAGE, $CI_NODE_INDEX of $CI_NODE_TOTAL"
        release:
          only: [tags]
          script: echo "released $CI_COMMIT_TAG"
        """);
    // When
    String answer = push(shell, git, "main");
    // Then
    assertTrue(answer.contains("esteira: run "), answer);
    String log = house.esteira(LIMIT, "logs", "-f", PROJECT).orFail();
    assertTrue(log.contains("of base\n"), log);
    assertTrue(log.contains("right of blue, 2 of 2\n"), log);
    String run = house.json("runs", PROJECT, "--json").get(0).path("id").asText();
    JsonNode omitted = house.json("job", "why", run, "--json");
    assertEquals("release", omitted.get(0).path("job").asText());
    assertEquals(10, omitted.get(0).path("line").asInt());
    // When
    shell.bash(LIMIT, "git tag v3 && git push -f " + git + " v3").orFail();
    // Then
    String tagged = house.esteira(LIMIT, "logs", "-f", PROJECT).orFail();
    assertTrue(tagged.contains("released v3\n"), tagged);
  }

  @Test
  void aBrokenFileIsToldInThePushWithAllItsErrors() throws IOException {
    // Given
    Shell shell = repository("broken");
    Files.writeString(
        directory.resolve("broken/.gitlab-ci.yml"),
        """
        a:
          stage: nowhere
          script: echo
        b:
          script: echo
          rules:
            - if: ${A} == 1
        """);
    // When
    String answer = push(shell, git, "main:broken");
    // Then
    assertTrue(answer.contains(".gitlab-ci.yml:2: job 'a' is in stage 'nowhere'"), answer);
    assertTrue(answer.contains(".gitlab-ci.yml:7: 'rules.if: ${A} == 1'"), answer);
    Shell.Result lint = house.esteira(LIMIT, "lint", directory.resolve("broken").toString());
    assertEquals(1, lint.exitCode());
    assertEquals(2, lint.out().lines().count(), lint.out());
  }

  @Test
  void lintListsTheJobsOfAnEvent() throws IOException {
    // Given
    Path files = Files.createDirectories(directory.resolve("lint"));
    Files.writeString(
        files.resolve(".gitlab-ci.yml"),
        """
        all:
          script: echo
        tags:
          only: [tags]
          script: echo
        """);
    // When
    JsonNode linted = house.json("lint", files.toString(), "--event", "branch=x", "--json");
    // Then
    List<String> created = new ArrayList<>();
    linted.path("jobs").forEach(j -> created.add(j.path("job") + " " + j.path("created")));
    assertEquals(List.of("\"all\" true", "\"tags\" false"), created);
    assertEquals("tag=v1", linted.path("jobs").get(1).path("wouldRunFor").get(0).asText());
  }
}
