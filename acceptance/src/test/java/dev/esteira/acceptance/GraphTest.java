package dev.esteira.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose jobs wait for each other, for people, for time and for other runs. */
@Tag("system")
class GraphTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration RUN_LIMIT = Duration.ofMinutes(4);

  private static final String GATED =
      """
      stages: [build, test, deploy]
      compile:
        stage: build
        script:
          - 'printf "made:\\n  script: [echo made by \\$FROM_PARENT]\\n" > child.yml'
        artifacts: {paths: [child.yml]}
      lint:
        stage: test
        needs: []
        script: [exit 3]
        allow_failure: {exit_codes: [3]}
      child:
        stage: test
        variables: {FROM_PARENT: the parent}
        trigger:
          include: [{artifact: child.yml, job: compile}]
          strategy: depend
      gate:
        stage: deploy
        script: [echo to $TARGET]
        when: manual
        allow_failure: false
        environment: {name: production, url: 'https://$TARGET.example'}
      """;

  private final TestHouse house = TestHouse.shared();

  @TempDir Path directory;

  @Test
  void jobsWaitForNeedsPeopleAndOtherRuns() {
    // Given a run with a generated child, a failure that is allowed, and a gate
    Delivery delivery = new Delivery(house, directory, "graph");
    delivery.file(".gitlab-ci.yml", GATED);
    // When
    delivery.push();
    delivery.follow().orFail();
    // Then it waits for a person, and says so
    JsonNode run = delivery.lastRun();
    assertEquals("blocked", run.path("state").asText());
    String id = run.path("id").asText();
    List<String> states = new ArrayList<>();
    house.json("job", "list", id, "--json").forEach(j -> states.add(j.path("state").asText()));
    assertEquals(List.of("succeeded", "failed", "succeeded", "manual"), states);
    String child = house.json("job", "list", id, "--json").path(2).path("child").asText();
    Shell.Result childLog = house.esteira(MINUTE, "logs", child);
    assertTrue(childLog.out().contains("made by the parent"), childLog.out());
    // When
    house.esteira(MINUTE, "job", "play", id, "gate", "--var", "TARGET=blue").orFail();
    Shell.Result log = house.esteira(RUN_LIMIT, "logs", "-f", id);
    // Then
    assertEquals(0, log.exitCode(), log.err());
    assertTrue(log.out().contains("to blue"), log.out());
    JsonNode production = house.json("environments", delivery.project(), "--json").path(0);
    assertEquals("production", production.path("name").asText());
    assertEquals("success", production.path("deployments").path(0).path("state").asText());
    assertEquals("succeeded", delivery.lastRun().path("state").asText());
  }

  @Test
  void everyBranchAndTagHasItsRunUnlessItIsAskedForNone() {
    Delivery delivery = new Delivery(house, directory, "refs");
    delivery.file(
        ".gitlab-ci.yml",
        """
        deploy:
          script: [echo $CI_COMMIT_REF_NAME $WORD]
          environment: {name: review/$CI_COMMIT_REF_SLUG, on_stop: stop}
        stop:
          script: [echo gone]
          when: manual
          environment: {name: review/$CI_COMMIT_REF_SLUG, action: stop}
        """);
    delivery.push();
    delivery.follow().orFail();
    String url = house.json("project", "show", delivery.project(), "--json").path("git").asText();
    String branch =
        delivery
            .shell()
            .bash(
                MINUTE,
                "git tag v1 && git push -o ci.variable=WORD=given "
                    + url
                    + " v1 HEAD:refs/heads/topic/1 2>&1")
            .orFail();
    assertEquals(2, branch.lines().filter(l -> l.contains("esteira: run ")).count(), branch);
    delivery.follow().orFail();
    String log = house.esteira(MINUTE, "logs", delivery.project()).out();
    assertTrue(log.contains("given"), log);
    String skipped =
        delivery.shell().bash(MINUTE, "git push -o ci.skip " + url + " HEAD:more 2>&1").orFail();
    assertTrue(skipped.contains("no run: the push has the option ci.skip"), skipped);
    // When the branch goes, so does what was deployed from it
    delivery.shell().bash(MINUTE, "git push " + url + " :topic/1 2>&1").orFail();
    String name = "review/topic-1";
    long end = System.nanoTime() + RUN_LIMIT.toNanos();
    while (!state(delivery, name).equals("stopped")) {
      assertTrue(System.nanoTime() < end, name + " is " + state(delivery, name));
    }
    assertEquals("available", state(delivery, "review/v1"));
  }

  private String state(Delivery delivery, String name) {
    for (JsonNode each : house.json("environments", delivery.project(), "--json")) {
      if (each.path("name").asText().equals(name)) {
        return each.path("state").asText();
      }
    }
    return "absent";
  }

  @Test
  void aJobStartsARunOfAnotherProjectWithItsToken() {
    // Given
    Delivery other = new Delivery(house, directory, "asked");
    other.file(
        ".gitlab-ci.yml",
        """
        answer:
          script: [echo "$CI_PIPELINE_SOURCE brings $WORD"]
          rules: [{if: '$CI_PIPELINE_SOURCE == "pipeline"'}]
        """);
    String refused = other.push();
    assertTrue(refused.contains("no run started"), refused);
    Delivery delivery = new Delivery(house, directory, "asking");
    delivery.file(
        ".gitlab-ci.yml",
        """
        ask:
          script:
            - url=$CI_API_V4_URL/projects/OTHER/trigger/pipeline
            - curl -sSf --form token=$CI_JOB_TOKEN --form ref=main
              --form "variables[WORD]=a word" $url
            - curl -sS -o /dev/null -w 'without token %{http_code}' -X POST "$url?ref=main"
            - 'curl -sSf -H "JOB-TOKEN: $CI_JOB_TOKEN"
              $CI_API_V4_URL/projects/$CI_PROJECT_ID/pipelines/$CI_PIPELINE_ID'
        """
            .replace("OTHER", other.project()));
    // When
    String log = delivery.deliver();
    // Then
    assertTrue(log.contains("\"status\":\"running\""), log);
    assertTrue(log.contains("without token 401"), log);
    Shell.Result answer = other.follow();
    assertTrue(answer.out().contains("pipeline brings a word"), answer.out() + answer.err());
  }

  @Test
  void aGraphOfJobsSurvivesAKillInItsMidst() {
    Delivery delivery = new Delivery(house, directory, "graph-killed");
    delivery.file(
        ".gitlab-ci.yml",
        """
        a: {script: ['for i in 1 2 3 4 5 6; do echo tick $i; sleep 0.5; done']}
        b: {needs: [a], script: [echo after a]}
        c: {stage: deploy, trigger: {include: child.yml, strategy: depend}}
        late: {needs: [], when: delayed, start_in: 4 seconds, script: [echo in time]}
        """);
    delivery.file("child.yml", "slow: {script: ['sleep 2', echo slept]}\n");
    delivery.push();
    delivery.awaitLine("tick 2", RUN_LIMIT);
    house.killProcess();
    house.up();
    Shell.Result log = delivery.follow();
    assertEquals(0, log.exitCode(), log.err());
    assertEquals(6, log.out().lines().filter(l -> l.startsWith("tick ")).count(), log.out());
    assertTrue(log.out().contains("in time"), log.out());
    assertEquals("succeeded", delivery.lastRun().path("state").asText());
  }
}
