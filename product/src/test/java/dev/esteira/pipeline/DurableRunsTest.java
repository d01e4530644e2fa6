package dev.esteira.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.EsteiraException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Runs from start to end, whatever interrupts the process. */
class DurableRunsTest extends RunsFixture {
  @Test
  void aRunGoesThroughItsStagesToSuccess() throws InterruptedException {
    // Given
    plan = TestingPlans.of(1, 1);
    Runs.Run run = runs.start(REQUEST);
    assertEquals(1, run.number());
    // When
    finish(run.id() + "-1", 1, "");
    finish(run.id() + "-2", 1, "");
    // Then
    Runs.Run end = ended(run.id());
    assertEquals("succeeded", end.state());
    assertEquals(Optional.of(end), runs.bySerial(end.serial()));
    assertEquals(Optional.of(end), runs.byJobNumber(end.jobs().get(1).number()));
    assertEquals(Optional.of(end), runs.latest("shop"));
    until(() -> runner.called("cleanUp " + run.id() + "-2/1"));
  }

  @Test
  void stepsAreShownWithTheirExitCodes() {
    Runs.Run run = runs.start(REQUEST);
    String job = run.id() + "-1";
    until(() -> runner.called("start " + job + "/1"));
    runner.events().started(job, 1);
    runner.events().stepStarted(job, 1, 0, "build", "make");
    runner.events().stepEnded(job, 1, 0, 3);
    Runs.JobView view = runs.run(run.id()).orElseThrow().jobs().getFirst();
    assertEquals(List.of(new Runs.StepView(0, "build", "make", Optional.of(3))), view.steps());
    assertEquals("job/" + job + "/1", view.logStream());
  }

  @Test
  void aFailedJobFailsTheRunAndSkipsLaterStages() throws InterruptedException {
    plan = TestingPlans.of(2, 1);
    Runs.Run run = runs.start(REQUEST);
    finish(run.id() + "-1", 1, "make exited with 2");
    finish(run.id() + "-2", 1, "");
    Runs.Run end = ended(run.id());
    assertEquals("failed", end.state());
    assertEquals(Optional.of("job job00: make exited with 2"), end.failure());
    assertEquals("skipped", end.jobs().get(2).state());
    assertEquals("skipped, because job00 failed", end.jobs().get(2).waitingFor());
  }

  @Test
  void aSystemFailureIsTriedOnceMoreAndSaysSo() throws InterruptedException {
    Runs.Run run = runs.start(REQUEST);
    String job = run.id() + "-1";
    until(() -> runner.called("start " + job + "/1"));
    runner.events().systemFailure(job, 1, "the sandbox vanished");
    until(() -> runner.called("start " + job + "/2"));
    assertTrue(runner.called("cleanUp " + job + "/1"));
    Runs.Run second = runs.run(run.id()).orElseThrow();
    assertEquals(2, second.jobs().getFirst().attempt());
    assertTrue(second.notices().getFirst().text().contains("the sandbox vanished"));
    runner.events().systemFailure(job, 2, "again");
    Runs.Run end = ended(run.id());
    assertEquals("failed", end.state());
    assertEquals("system_failure", end.jobs().getFirst().state());
  }

  @Test
  void jobsBeyondTheSlotsWaitAndSaySo() throws InterruptedException {
    runs.close();
    runs = open(new RunLimits(1, 2, 60));
    Runs.Run first = runs.start(REQUEST);
    Runs.Run second = runs.start(REQUEST);
    assertEquals("queued", second.state());
    assertEquals("waiting for a free job slot (1 of 1 busy)", second.waitingFor());
    Runs.Run third = runs.start(REQUEST);
    assertThrows(EsteiraException.class, () -> runs.start(REQUEST));
    finish(first.id() + "-1", 1, "");
    finish(second.id() + "-1", 1, "");
    finish(third.id() + "-1", 1, "");
    assertEquals("succeeded", ended(third.id()).state());
    assertEquals(
        List.of(3L, 2L, 1L), runs.runs("shop", 10).stream().map(Runs.Run::number).toList());
  }

  @Test
  void afterARestartOpenJobsAreStartedAgain() throws InterruptedException {
    // Given
    Runs.Run run = runs.start(REQUEST);
    String job = run.id() + "-1";
    until(() -> runner.called("start " + job + "/1"));
    runs.close();
    runner.calls.clear();
    // When
    runs = open(RunLimits.DEFAULT);
    // Then
    until(() -> runner.called("start " + job + "/1"));
    finish(job, 1, "");
    assertEquals("succeeded", ended(run.id()).state());
  }

  @Test
  void listenersHearOfEndedJobs() throws InterruptedException {
    List<String> heard = new CopyOnWriteArrayList<>();
    runs.onJobEnd((job, succeeded) -> heard.add(job + " " + succeeded));
    Runs.Run run = runs.start(REQUEST);
    finish(run.id() + "-1", 1, "");
    until(() -> heard.contains(run.id() + "-1 true"));
  }

  @Test
  void aFileThatCannotBePlannedFailsTheRun() {
    runs.close();
    Dialect broken =
        (tree, request) -> {
          throw EsteiraException.invalid("buildspec.yml:3: there are no phases");
        };
    runs = with(List.of(broken), RunLimits.DEFAULT);
    Runs.Run run = runs.start(REQUEST);
    assertEquals("failed", run.state());
    assertEquals(Optional.of("buildspec.yml:3: there are no phases"), run.failure());
  }

  @Test
  void aCommitWithoutDeliveryFileFailsTheRun() {
    runs.close();
    runs = with(List.of(), RunLimits.DEFAULT);
    assertTrue(runs.start(REQUEST).failure().orElseThrow().contains("no delivery file"));
  }
}
