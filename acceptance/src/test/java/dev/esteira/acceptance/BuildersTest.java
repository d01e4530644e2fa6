package dev.esteira.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that build without a Docker service: by kaniko's, buildah's and podman's commands. */
@Tag("system")
@Timeout(1200)
class BuildersTest {
  private static final Duration LIMIT = Duration.ofMinutes(15);
  private static final String PROJECT = "depot/builders";
  private static final String FILE =
      """
      kaniko:
        image: {name: 'gcr.io/kaniko-project/executor:v1.23.2-debug', entrypoint: ['']}
        script:
          - auth=$(printf %s:%s "$CI_REGISTRY_USER" "$CI_REGISTRY_PASSWORD" | base64 | tr -d '\\n')
          - printf '{"auths":{"%s":{"auth":"%s"}}}' $CI_REGISTRY $auth > /kaniko/.docker/config.json
          - >-
            /kaniko/executor --context "dir://$CI_PROJECT_DIR" --dockerfile sub/Dockerfile
            --build-arg WHO=kaniko --cache=true --cache-ttl 6h --snapshot-mode=redo
            --destination $CI_REGISTRY_IMAGE:kaniko -d $CI_REGISTRY_IMAGE/second:$CI_COMMIT_SHA
            --digest-file digest
          - echo "digest $(cat digest)"
          - '! /kaniko/executor --context . --dockerfile sub/Dockerfile'
          - '! /kaniko/executor --context git://x --no-push'
      buildah:
        image: quay.io/buildah/stable
        variables: {STORAGE_DRIVER: vfs}
        script:
          - echo "$CI_JOB_TOKEN" | buildah login -u gitlab-ci-token --password-stdin $CI_REGISTRY
          - buildah bud --format docker --layers -f sub/Dockerfile -t b --build-arg WHO=buildah .
          - buildah push b docker://$CI_REGISTRY_IMAGE:buildah
          - '! buildah from scratch'
      podman:
        image: quay.io/podman/stable:v4.9
        script:
          - podman login -u "$CI_REGISTRY_USER" -p "$CI_REGISTRY_PASSWORD" $CI_REGISTRY
          - podman build --isolation=chroot -f sub/Dockerfile --build-arg WHO=podman -t $TAG .
          - podman run --rm $TAG sh -c 'cat /who; echo --tls-verify'
          - podman push --tls-verify=false $TAG
        variables: {TAG: $CI_REGISTRY_IMAGE:podman}
      """;

  @TempDir static Path directory;
  private static TestHouse house;
  private static Shell shell;
  private static String log;

  @BeforeAll
  static void push() throws IOException {
    house = TestHouse.shared();
    house.esteira(LIMIT, "project", "create", PROJECT).orFail();
    String git = house.json("project", "show", PROJECT, "--json").path("git").asText();
    Files.createDirectories(directory.resolve("sub"));
    Files.writeString(directory.resolve(".gitlab-ci.yml"), FILE);
    Files.writeString(
        directory.resolve("sub/Dockerfile"),
        "FROM alpine:3\nARG WHO\nRUN echo by $WHO > /who\nCMD cat /who\n");
    shell = house.client(directory);
    shell
        .bash(
            LIMIT,
            "git init -q -b main && git add -A && git commit -qm one && git push -q "
                + git
                + " main")
        .orFail();
    String run = house.json("runs", PROJECT, "--json").get(0).path("id").asText();
    log = house.esteira(LIMIT, "logs", "-f", run).out();
  }

  @Test
  void eachBuildsByTheJobsOwnDockerAndSaysSo() {
    assertEquals(
        "succeeded", house.json("runs", PROJECT, "--json").get(0).path("state").asText(), log);
    assertTrue(log.contains("esteira/kaniko:1 stands in for it: /kaniko/executor, which"), log);
    assertTrue(log.contains("you must provide --destination, or use --no-push"), log);
    assertTrue(log.contains("the context git://x is not supported here"), log);
    assertTrue(log.contains("'from' is not supported here: write a Dockerfile"), log);
    assertTrue(log.contains("by podman\n--tls-verify\n"), log);
  }

  @Test
  void whatTheyPushedCanBePulled() {
    String registry = "registry.gitlab.com";
    for (String tag : new String[] {"kaniko", "buildah", "podman"}) {
      String image = registry + "/" + PROJECT + ":" + tag;
      String said = shell.bash(LIMIT, "docker run --rm " + image).orFail();
      assertTrue(said.contains("by " + tag), said);
    }
    String image = registry + "/" + PROJECT + ":kaniko";
    String digests =
        shell.bash(LIMIT, "docker inspect --format '{{.RepoDigests}}' " + image).orFail();
    String digest = log.replaceFirst("(?s).*\ndigest (sha256:[0-9a-f]{64})\n.*", "$1");
    assertTrue(digests.contains(digest), digests + " has not " + digest);
  }
}
