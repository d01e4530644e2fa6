package dev.esteira.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Jobs in whose place another run stands. */
class TriggeredRunsTest extends RunsFixture {
  @Test
  void aJobThatDependsOnTheRunThatItTriggersEndsAsItEnds() throws InterruptedException {
    plan =
        TestingPlans.staged(
            List.of(TestingPlans.job("child", trigger(true))), List.of(TestingPlans.job("after")));
    Runs.Run run = runs.start(REQUEST);
    String childId = triggered(run.id());
    Runs.Run started = runs.run(childId).orElseThrow();
    assertEquals(Optional.of(run.id()), started.parent());
    assertEquals("parent_pipeline", started.source());
    assertEquals("yes", runs.run(childId).map(r -> started(childId + "-1")).orElseThrow());
    finish(childId + "-1", 1, "");
    finish(run.id() + "-2", 1, "");
    assertEquals("succeeded", ended(run.id()).state());
    Runs.Run second = runs.start(REQUEST);
    finish(triggered(second.id()) + "-1", 1, "it broke");
    assertEquals("failed", ended(second.id()).state());
    Runs.Run third = runs.start(REQUEST);
    String cut = triggered(third.id());
    runs.cancel(third.id());
    assertEquals("cancelled", ended(third.id()).state());
    assertEquals("cancelled", ended(cut).state());
  }

  @Test
  void aJobThatOnlyTriggersARunEndsOnceItBegan() throws InterruptedException {
    plan = TestingPlans.staged(List.of(TestingPlans.job("child", trigger(false))));
    Runs.Run run = runs.start(REQUEST);
    assertEquals("succeeded", ended(run.id()).state());
    String childId = triggered(run.id());
    assertTrue(runs.run(childId).orElseThrow().endedAt().isEmpty());
    finish(childId + "-1", 1, "");
    assertEquals("succeeded", ended(childId).state());
  }

  @Test
  void childrenOfChildrenAreTheLastOnes() throws InterruptedException {
    plan = TestingPlans.staged(List.of(TestingPlans.job("child", trigger(true))));
    child = plan;
    Runs.Run run = runs.start(REQUEST);
    Runs.Run end = ended(run.id());
    assertEquals("failed", end.state());
    assertTrue(end.failure().orElseThrow().contains("at most 2 deep"), end.failure().toString());
  }

  private static Flow trigger(boolean depend) {
    return new TestingFlow().trigger(TestingPlans.trigger(depend)).made();
  }

  private String triggered(String runId) {
    until(() -> runs.run(runId).orElseThrow().jobs().getFirst().child().isPresent());
    return runs.run(runId).orElseThrow().jobs().getFirst().child().orElseThrow();
  }

  /** What the job got for GIVEN once it was started. */
  private String started(String job) {
    until(() -> runner.called("start " + job + "/1"));
    return runner.started.get(job + "/1").run().variables().getOrDefault("GIVEN", "");
  }
}
