package dev.esteira.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What ends jobs early: people, newer commits, failures of others. */
class CancelledRunsTest extends RunsFixture {
  @Test
  void aCancelledRunEndsItsJobs() throws InterruptedException {
    plan = TestingPlans.of(1, 1);
    Runs.Run run = runs.start(REQUEST);
    until(() -> runner.called("start " + run.id() + "-1/1"));
    runs.cancel(run.id());
    Runs.Run end = ended(run.id());
    assertEquals("cancelled", end.state());
    assertEquals("cancelled", end.jobs().getFirst().state());
    assertEquals("skipped", end.jobs().get(1).state());
  }

  @Test
  void aNewerPushCancelsRunsInWhichNothingHasBegunThatMustEnd() throws InterruptedException {
    // Given a job that may be cut off before one that may not
    Flow free = new TestingFlow().interruptible().made();
    plan =
        with(
            TestingPlans.staged(
                List.of(TestingPlans.job("test", free)), List.of(TestingPlans.job("deploy"))),
            AutoCancel.OnNewCommit.CONSERVATIVE);
    Runs.Run first = runs.start(REQUEST);
    until(() -> runner.called("start " + first.id() + "-1/1"));
    // When
    Runs.Run second = runs.start(REQUEST);
    // Then
    assertEquals("cancelled", ended(first.id()).state());
    // And once that one has begun, the run goes on
    finish(second.id() + "-1", 1, "");
    until(() -> runner.called("start " + second.id() + "-2/1"));
    Runs.Run third = runs.start(REQUEST);
    finish(second.id() + "-2", 1, "");
    assertEquals("succeeded", ended(second.id()).state());
    runs.cancel(third.id());
  }

  @Test
  void aNewerPushCancelsTheInterruptibleJobsAlone() throws InterruptedException {
    // Given
    Flow free = new TestingFlow().interruptible().made();
    plan =
        with(
            TestingPlans.staged(
                List.of(TestingPlans.job("test", free), TestingPlans.job("deploy"))),
            AutoCancel.OnNewCommit.INTERRUPTIBLE);
    Runs.Run first = runs.start(REQUEST);
    until(() -> runner.called("start " + first.id() + "-2/1"));
    // When
    Runs.Run second = runs.start(REQUEST);
    // Then
    until(() -> states(first.id()).equals(List.of("cancelled", "running")));
    finish(first.id() + "-2", 1, "");
    assertEquals("cancelled", ended(first.id()).state());
    runs.cancel(second.id());
  }

  @Test
  void aNewerPushLeavesARunAloneThatSaysSoOrWaitsForAPerson() {
    plan = with(TestingPlans.of(1), AutoCancel.OnNewCommit.NONE);
    Runs.Run first = runs.start(REQUEST);
    Flow manual = new TestingFlow().when(Flow.When.MANUAL).interruptible().made();
    plan =
        with(
            TestingPlans.staged(List.of(TestingPlans.job("gate", manual))),
            AutoCancel.OnNewCommit.CONSERVATIVE);
    Runs.Run second = runs.start(REQUEST);
    Runs.Run third = runs.start(REQUEST);
    assertEquals(List.of("running"), states(first.id()));
    assertEquals("blocked", runs.run(second.id()).orElseThrow().state());
    assertEquals("blocked", third.state());
  }

  @Test
  void oneFailedJobEndsAllOthersWhenTheFileSaysSo() throws InterruptedException {
    // Given
    Flow manual = new TestingFlow().when(Flow.When.MANUAL).made();
    plan =
        TestingPlans.with(
            TestingPlans.staged(
                List.of(
                    TestingPlans.job("unit"),
                    TestingPlans.job("slow"),
                    TestingPlans.job("gate", manual)),
                List.of(TestingPlans.job("deploy"))),
            new AutoCancel(AutoCancel.OnNewCommit.NONE, true));
    Runs.Run run = runs.start(REQUEST);
    until(() -> runner.called("start " + run.id() + "-2/1"));
    // When
    finish(run.id() + "-1", 1, "make exited with 2");
    // Then
    assertEquals(Optional.of("job unit: make exited with 2"), ended(run.id()).failure());
    assertEquals(List.of("failed", "cancelled", "skipped", "skipped"), states(run.id()));
  }

  private static Plan with(Plan plan, AutoCancel.OnNewCommit onNewCommit) {
    return TestingPlans.with(plan, new AutoCancel(onNewCommit, false));
  }
}
