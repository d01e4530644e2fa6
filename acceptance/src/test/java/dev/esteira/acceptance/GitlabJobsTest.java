package dev.esteira.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs of a GitLab file: Docker service, artifacts, reports, caches, and one on a dirty tree. */
@Tag("system")
@Timeout(900)
class GitlabJobsTest {
  private static final Duration LIMIT = Duration.ofMinutes(8);
  private static final String PROJECT = "crew/tools/app";
  private static final String FILE =
      """
      stages: [build, check]
      variables:
        IMAGE: $CI_REGISTRY_IMAGE/app:$CI_COMMIT_SHORT_SHA
      build:
        stage: build
        image: docker:27-cli
        services:
          - name: docker:27-dind
            alias: dockerhost
            command: ["--tls=false"]
        variables:
          DOCKER_HOST: tcp://dockerhost:2375
          DOCKER_TLS_CERTDIR: ""
        script:
          - docker login -u $CI_REGISTRY_USER -p $CI_REGISTRY_PASSWORD $CI_REGISTRY
          - docker build -t $IMAGE .
          - docker push $IMAGE
          - docker run -d -p 8123:8000 $IMAGE python3 -m http.server 8000 -d /srv
          - for i in 1 2 3 4 5 6; do curl -sf http://dockerhost:8123/note && break; sleep 1; done
          - for i in 1 2 3; do curl -sf http://localhost:8123/note && break; sleep 1; done
          - mkdir -p out && git describe --tags > out/described
          - echo "VERSION=$(cat out/described)" > build.env
        artifacts:
          paths: [out/]
          reports: {dotenv: build.env}
      check:
        stage: check
        image: $IMAGE
        cache: {key: deps, paths: [deps]}
        script:
          - cat /srv/note out/described
          - echo "version $VERSION token $CI_JOB_TOKEN"
          - mkdir -p deps && echo kept > deps/x
          - test ! -z "$CI_COMMIT_TAG" && echo tagged
          - echo end
        after_script: ['echo "it was a $CI_JOB_STATUS"']
        coverage: '/covered: (\\d+)%/'
      local:
        stage: check
        image: python:3
        needs: [build]
        script: [cat unpushed, pwd, exit 4]
        rules: [{if: $CI_COMMIT_BRANCH}]
      """;

  @TempDir static Path directory;
  private static TestHouse house;
  private static Shell shell;
  private static String git;

  @BeforeAll
  static void push() throws IOException {
    house = TestHouse.shared();
    house.esteira(LIMIT, "project", "create", PROJECT).orFail();
    git = house.json("project", "show", PROJECT, "--json").path("git").asText();
    Files.writeString(directory.resolve(".gitlab-ci.yml"), FILE);
    Files.writeString(
        directory.resolve("Dockerfile"), "FROM python:3\nRUN echo noted > /srv/note\n");
    shell = house.client(directory);
    shell
        .bash(
            LIMIT,
            "git init -q -b main && git add -A && git commit -qm one && git tag -a -m v v7.1"
                + " && git remote add house "
                + git
                + " && git push -q house main v7.1")
        .orFail();
  }

  @Test
  void aPipelineOfDockerAndItsOwnImageRunsUnchanged() {
    Shell.Result log = house.esteira(LIMIT, "logs", "-f", run());
    assertTrue(log.out().contains("version v7.1 token ***"), log.out() + log.err());
    assertEquals(3, log.out().lines().filter("noted"::equals).count(), log.out());
    assertTrue(log.out().contains("it was a success"), log.out());
    assertFalse(log.out().lines().anyMatch("tagged"::equals), log.out());
    JsonNode jobs = house.json("artifacts", run(), "--json");
    assertEquals("out/described", described(), jobs.toString());
  }

  private static String described() {
    Path zip = directory.resolve("../a.zip").normalize();
    house.esteira(LIMIT, "artifact", "get", run(), "--job", "build", "-o", zip.toString()).orFail();
    return shell.bash(LIMIT, "unzip -Z1 " + zip).orFail().strip();
  }

  /** The run of the branch, which came first. */
  private static String run() {
    for (JsonNode run : house.json("runs", PROJECT, "--json")) {
      if (run.path("ref").asText().equals("refs/heads/main") && run.path("number").asInt() <= 2) {
        return run.path("id").asText();
      }
    }
    throw new AssertionError("no run of the branch");
  }

  @Test
  void oneJobRunsOnTheFilesAsTheyAre() throws IOException {
    Files.writeString(directory.resolve("unpushed"), "only here\n");
    Shell.Result job = shell.bash(LIMIT, TestHouse.ROOT.resolve("esteira") + " run --job local");
    assertEquals(1, job.exitCode(), job.err());
    assertTrue(job.out().contains("only here\n"), job.out() + job.err());
    assertTrue(job.out().contains("/builds/crew/tools/app\n"), job.out());
    assertTrue(job.err().contains("exit code 4"), job.err());
    assertTrue(shell.bash(LIMIT, "git status --short").orFail().contains("?? unpushed"));
    Files.delete(directory.resolve("unpushed"));
  }
}
