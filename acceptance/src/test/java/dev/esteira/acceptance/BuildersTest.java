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

/**
 * Jobs that build by other commands than {@code docker build}: kaniko, buildah, podman, Compose.
 */
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
      compose:
        image: docker:24
        services: ['docker:24-dind']
        script:
          - docker compose up -d --build --wait
          - wget -qO- http://docker:8077/who
          - docker compose exec -T web cat /etc/web.conf
          - docker compose down -v && docker-compose up -d && docker logs shop_cache_1
          - docker-compose down -v
      podman:
        image: quay.io/podman/stable:v4.9
        script:
          - podman login -u "$CI_REGISTRY_USER" -p "$CI_REGISTRY_PASSWORD" $CI_REGISTRY
          - podman build --isolation=chroot -f sub/Dockerfile --build-arg WHO=podman -t $TAG .
          - podman run --rm $TAG sh -c 'cat /who; echo --tls-verify'
          - podman push --tls-verify=false $TAG
        variables: {TAG: $CI_REGISTRY_IMAGE:podman}
      """;

  /** As people write it today: no version, nested defaults, a health that is waited for. */
  private static final String COMPOSE =
      """
      name: shop
      x-again: &again {restart: unless-stopped, networks: [back]}
      services:
        cache:
          <<: *again
          image: redis:7-alpine
          healthcheck: {test: [CMD, redis-cli, ping], interval: 1s, retries: 60}
          volumes: ['kept:/data']
        web:
          <<: *again
          build: {context: sub, args: {WHO: '${NOBODY:-${CI_JOB_NAME:-none}}'}}
          command: busybox httpd -f -p 8000 -h /
          depends_on: {cache: {condition: service_healthy}}
          ports: ['8077:8000']
          configs: [{source: conf, target: /etc/web.conf}]
          develop: {watch: [{path: ., action: rebuild}]}
      configs: {conf: {file: sub/web.conf}}
      volumes: {kept: {}}
      networks: {back: {}}
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
    Files.writeString(directory.resolve("sub/web.conf"), "configured\n");
    Files.writeString(directory.resolve("compose.yaml"), COMPOSE);
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
    assertTrue(log.contains("by compose\n"), log);
    assertTrue(log.contains("\nconfigured\n"), log);
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
