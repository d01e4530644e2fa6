package dev.esteira.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.access.Access;
import dev.esteira.base.Ids;
import dev.esteira.observe.Logs;
import dev.esteira.pipeline.JobRunner;
import dev.esteira.pipeline.Plan;
import dev.esteira.pipeline.Runs;
import dev.esteira.pipeline.Setting;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Variables whose values are kept outside of the project (buildspec, env.parameter-store). */
@Tag("system")
@Timeout(300)
class ParameterStoreTest {
  private static final String PROJECT = "keeper";

  @RegisterExtension static final TestingJobs JOBS = new TestingJobs(PROJECT);

  private final String jobId = Ids.random(8);
  private final TestingEvents events = new TestingEvents();

  @AfterEach
  void cleanUp() {
    JOBS.runner().cleanUp(jobId, 1);
  }

  @Test
  void aJobGetsTheValueOfTheParameterAndItsLogDoesNot() throws Exception {
    // Given a parameter, and one that a variable of the project beats
    JOBS.house().parameters.put("/shop/db", "hidden-in-the-store");
    JOBS.house().parameters.put("/shop/key", "beaten");
    JOBS.house()
        .access
        .setVariables(
            "project/" + PROJECT, List.of(new Access.Variable("KEY", "ours", false, false)));

    // When a job asks for both
    start(
        Map.of("DB", "/shop/db", "KEY", "/shop/key"),
        "echo the word is $DB",
        "test \"$DB\" = hidden-in-the-store",
        "test $KEY = ours");

    // Then it has their values, and the log has not
    assertEquals("ended ", events.end(), () -> log());
    assertTrue(log().contains("the word is ***"), log());
    assertTrue(log().contains("$KEY = ours"), log());
    assertFalse(log().contains("hidden-in-the-store"), log());
  }

  @Test
  void aParameterThatIsNotThereFailsTheJobBeforeItsFirstCommand() throws Exception {
    start(Map.of("DB", "/nobody/has"), "echo begun");
    String end = events.end();
    assertTrue(end.contains("env.parameter-store: DB is to be the parameter '/nobody/has'"), end);
    assertTrue(end.contains("aws ssm put-parameter"), end);
    assertFalse(log().contains("begun"), log());
  }

  private void start(Map<String, String> parameters, String... commands) {
    Plan.Job job =
        new Plan.Job(
            "build",
            TestingHouse.IMAGE,
            Plan.ShellRule.EACH_COMMAND,
            "sh",
            Map.of(),
            List.of(JobScriptTest.section("build", commands)),
            List.of(),
            List.of(),
            Optional.empty(),
            60);
    Runs.Request request = new Runs.Request(PROJECT, "c0ffee", "refs/heads/main", "ana");
    JOBS.runner()
        .start(
            new JobRunner.Assignment(
                jobId, 1, request, 7, "r", job.with(Setting.of(Map.of(), parameters))),
            events);
  }

  private String log() {
    return String.join(
        "\n",
        JOBS.house().logs.read("job/" + jobId + "/1", 0, 1_000).stream()
            .map(Logs.Line::text)
            .toList());
  }
}
