package dev.esteira.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.EsteiraException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** When jobs start: needs, people, time, and tries again. */
class JobOrderTest extends RunsFixture {
  @Test
  void jobsStartOnceTheirNeedsHaveEndedWhateverTheStage() throws InterruptedException {
    plan =
        TestingPlans.staged(
            List.of(TestingPlans.job("slow"), TestingPlans.job("quick")),
            List.of(TestingPlans.job("next", new TestingFlow().needs("quick").made())));
    Runs.Run run = runs.start(REQUEST);
    finish(run.id() + "-2", 1, "");
    finish(run.id() + "-3", 1, "");
    Runs.Run now = runs.run(run.id()).orElseThrow();
    assertEquals("running", now.state());
    assertEquals("succeeded", now.jobs().get(2).state());
    finish(run.id() + "-1", 1, "");
    assertEquals("succeeded", ended(run.id()).state());
  }

  @Test
  void aBlockingManualJobBlocksTheRunUntilItIsPlayed() throws InterruptedException {
    Flow manual = new TestingFlow().when(Flow.When.MANUAL).made();
    plan =
        TestingPlans.staged(
            List.of(TestingPlans.job("gate", manual)), List.of(TestingPlans.job("after")));
    Runs.Run run = runs.start(REQUEST);
    assertEquals("blocked", run.state());
    assertTrue(run.waitingFor().contains("esteira job play"), run.waitingFor());
    assertEquals("waiting for gate (manual)", run.jobs().get(1).waitingFor());
    runs.playJob(run.id(), "gate", Map.of("TARGET", "blue"));
    until(() -> runner.called("start " + run.id() + "-1/1"));
    assertEquals("blue", runner.started.get(run.id() + "-1/1").run().variables().get("TARGET"));
    finish(run.id() + "-1", 1, "");
    finish(run.id() + "-2", 1, "");
    assertEquals("succeeded", ended(run.id()).state());
    assertThrows(EsteiraException.class, () -> runs.playJob(run.id(), "gate", Map.of()));
  }

  @Test
  void anOptionalManualJobIsPlayedAfterTheRunSucceeded() throws InterruptedException {
    Flow manual = new TestingFlow().when(Flow.When.MANUAL).mayFail(true, Set.of()).made();
    Flow later = new TestingFlow().needs("deploy").made();
    plan =
        TestingPlans.staged(
            List.of(TestingPlans.job("build")),
            List.of(TestingPlans.job("deploy", manual), TestingPlans.job("check", later)));
    Runs.Run run = runs.start(REQUEST);
    finish(run.id() + "-1", 1, "");
    Runs.Run end = ended(run.id());
    assertEquals("succeeded", end.state());
    assertEquals(List.of("succeeded", "manual", "skipped"), states(run.id()));
    runs.playJob(run.id(), "deploy", Map.of());
    assertEquals("waiting for deploy", runs.run(run.id()).orElseThrow().jobs().get(2).waitingFor());
    finish(run.id() + "-2", 1, "");
    finish(run.id() + "-3", 1, "");
    assertEquals("succeeded", ended(run.id()).jobs().get(2).state());
  }

  @Test
  void afterAFailureTheRunIsTriedAgainFromThere() throws InterruptedException {
    plan = TestingPlans.of(1, 1);
    Runs.Run run = runs.start(REQUEST);
    finish(run.id() + "-1", 1, "broken");
    assertEquals("failed", ended(run.id()).state());
    runs.retry(run.id());
    finish(run.id() + "-1", 2, "");
    finish(run.id() + "-2", 1, "");
    assertEquals("succeeded", ended(run.id()).state());
    assertThrows(EsteiraException.class, () -> runs.retry(run.id()));
    runs.retryJob(run.id(), "job10");
    finish(run.id() + "-2", 2, "");
    assertEquals("succeeded", ended(run.id()).state());
  }

  @Test
  void failuresAreTriedAgainAndAllowedAsTheFileSays() throws InterruptedException {
    Flow retry = new TestingFlow().retry(1, Set.of(), Set.of(7)).mayFail(false, Set.of(7)).made();
    plan = TestingPlans.staged(List.of(TestingPlans.job("flaky", retry)));
    Runs.Run run = runs.start(REQUEST);
    String job = run.id() + "-1";
    for (int attempt = 1; attempt <= 2; attempt++) {
      String start = "start " + job + "/" + attempt;
      until(() -> runner.called(start));
      runner.events().stepStarted(job, attempt, 0, "script", "flaky");
      runner.events().stepEnded(job, attempt, 0, 7);
      runner.events().ended(job, attempt, "flaky exited with 7");
    }
    Runs.Run end = ended(run.id());
    assertEquals("succeeded", end.state());
    assertEquals("failed", end.jobs().getFirst().state());
    assertTrue(end.jobs().getFirst().warning());
  }

  @Test
  void aDelayedJobStartsWhenItsTimeComesOrItIsPlayed() throws InterruptedException {
    Flow soon = new TestingFlow().delayed(0).made();
    Flow late = new TestingFlow().delayed(3_600).made();
    plan =
        TestingPlans.staged(
            List.of(TestingPlans.job("soon", soon), TestingPlans.job("late", late)));
    Runs.Run run = runs.start(REQUEST);
    finish(run.id() + "-1", 1, "");
    Runs.Run now = runs.run(run.id()).orElseThrow();
    assertEquals("delayed", now.state());
    runs.playJob(run.id(), "late", Map.of());
    finish(run.id() + "-2", 1, "");
    assertEquals("succeeded", ended(run.id()).state());
  }
}
