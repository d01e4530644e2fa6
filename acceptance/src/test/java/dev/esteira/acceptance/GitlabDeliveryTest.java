package dev.esteira.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
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

/** Submodules, a hook, a release with its tag's pipeline, and a site, by a GitLab file and git. */
@Tag("system")
@Timeout(900)
class GitlabDeliveryTest {
  private static final Duration LIMIT = Duration.ofMinutes(8);
  private static final String PROJECT = "depot/shop";
  private static final String FILE =
      """
      variables: {GIT_SUBMODULE_STRATEGY: recursive}
      .on branches: {rules: [{if: $CI_COMMIT_BRANCH}]}
      .on main: {rules: [{if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH}]}
      sources:
        extends: .on branches
        hooks: {pre_get_sources_script: ['HOOKED=yes; echo "hook $CI_PROJECT_NAME"']}
        script:
          - cat libs/middle/mid.txt libs/middle/deep/leaf/leaf.txt
          - git submodule update --init --recursive && git submodule status --recursive
          - git clone -q https://gitlab-ci-token:$CI_JOB_TOKEN@gitlab.com/depot/leaf.git ../again
          - echo "again $(cat ../again/leaf.txt) '$HOOKED'"
      without:
        extends: .on branches
        variables: {GIT_SUBMODULE_STRATEGY: normal, GIT_DEPTH: "1"}
        script:
          - test -e libs/middle/mid.txt && test ! -e libs/middle/deep/leaf/leaf.txt
          - echo "commits $(git log --oneline | wc -l)"
      release_job:
        extends: .on main
        stage: deploy
        script: ['echo "* all new" > NOTES.md']
        release:
          tag_name: v1.$CI_PIPELINE_IID
          tag_message: Words of the tag
          name: Shop $CI_PIPELINE_IID
          description: ./NOTES.md
          assets: {links: [{name: site, url: $CI_PAGES_URL}]}
      by hand:
        extends: .on main
        stage: deploy
        script:
          - release-cli create --name Hand --description "by hand" --tag-name hand-$CI_PIPELINE_IID
      pages:
        extends: .on branches
        stage: deploy
        script: ['mkdir public', 'echo "<h1>$WORD" > public/index.html']
        variables: {WORD: first}
        artifacts: {paths: [public]}
      tagged:
        rules: [{if: $CI_COMMIT_TAG}]
        script: ['echo "of the tag $CI_COMMIT_TAG"']
      """;

  @TempDir static Path directory;
  private static TestHouse house;
  private static Shell shell;
  private static String git;

  @BeforeAll
  static void push() throws IOException {
    house = TestHouse.shared();
    for (String project : new String[] {"depot/leaf", "depot/middle", PROJECT}) {
      house.esteira(LIMIT, "project", "create", project).orFail();
    }
    git = house.json("project", "show", PROJECT, "--json").path("git").asText();
    String base = git.substring(0, git.length() - "/shop.git".length());
    Files.writeString(directory.resolve("file.yml"), FILE);
    shell = house.client(directory);
    shell
        .bash(
            LIMIT,
            """
            set -e
            git init -q -b main leaf && cd leaf && echo leaf > leaf.txt && git add -A
            git commit -qm leaf && git push -q %1$s/leaf.git main && cd ..
            git init -q -b main middle && cd middle && echo mid > mid.txt
            git submodule -q add %1$s/leaf.git deep/leaf
            git config -f .gitmodules submodule.deep/leaf.url ../leaf.git
            git add -A && git commit -qm mid && git push -q %1$s/middle.git main && cd ..
            git init -q -b main shop && cd shop
            git submodule -q add %1$s/middle.git libs/middle
            git config -f .gitmodules submodule.libs/middle.url git@gitlab.com:depot/middle.git
            cp ../file.yml .gitlab-ci.yml && git add -A && git commit -qm one
            git commit -q --allow-empty -m two && git push -q %1$s/shop.git main
            """
                .formatted(base))
        .orFail();
    house.esteira(LIMIT, "logs", "-f", run("refs/heads/main"));
  }

  private static String run(String ref) {
    for (JsonNode run : house.json("runs", PROJECT, "--json")) {
      if (run.path("ref").asText().equals(ref)) {
        return run.path("id").asText();
      }
    }
    throw new AssertionError("no run of " + ref);
  }

  @Test
  void submodulesComeAsTheirStrategySaysAndTheHookHasAShellOfItsOwn() {
    String log = house.esteira(LIMIT, "logs", "-f", run("refs/heads/main")).out();
    assertTrue(log.contains("hook shop\n"), log);
    assertTrue(log.contains("mid\nleaf\n"), log);
    assertTrue(log.contains("again leaf ''\n"), log);
    assertTrue(log.contains("commits 1\n"), log);
  }

  @Test
  void aReleaseMakesATagWhosePipelineRuns() {
    JsonNode releases = house.json("releases", PROJECT, "--json");
    assertEquals(2, releases.size(), releases.toString());
    for (JsonNode release : releases) {
      String tag = release.path("tag").asText();
      if (tag.equals("v1.1")) {
        assertEquals("Shop 1", release.path("name").asText());
        assertEquals("* all new", release.path("description").asText().strip());
        assertTrue(release.at("/links/0/url").asText().endsWith("/pages/" + PROJECT));
      }
      String log = house.esteira(LIMIT, "logs", "-f", run("refs/tags/" + tag)).out();
      assertTrue(log.contains("of the tag " + tag), log);
    }
    String tags = shell.bash(LIMIT, "git ls-remote --tags " + git).orFail();
    assertTrue(tags.contains("refs/tags/v1.1^{}"), tags);
  }

  @Test
  void theSiteIsReplacedAsAWhole() {
    String site = house.json("project", "show", PROJECT, "--json").path("site").asText();
    assertEquals("<h1>first\n", shell.bash(LIMIT, "curl -sf " + site).orFail());
    shell
        .bash(
            LIMIT,
            "cd shop && git push -q -o ci.variable=WORD=second " + git + " HEAD:refs/heads/next")
        .orFail();
    house.esteira(LIMIT, "logs", "-f", run("refs/heads/next"));
    assertEquals("<h1>second\n", shell.bash(LIMIT, "curl -sf " + site).orFail());
    assertEquals(
        "404", shell.bash(LIMIT, "curl -s -o /dev/null -w %{http_code} " + site + "no").orFail());
  }
}
