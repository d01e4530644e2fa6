package dev.esteira.pipeline;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.store.TestingLedger;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;

/** Runs of a project whose dialect plans what the test says, with a runner that the test plays. */
abstract class RunsFixture {
  static final Runs.Request REQUEST =
      new Runs.Request("shop", "c0ffee", "refs/heads/main", "admin");

  final TestingLedger ledger = new TestingLedger();
  final TestingTrees trees = new TestingTrees();
  final TestingRunner runner = new TestingRunner();
  Plan plan = TestingPlans.of(1);
  Plan child = TestingPlans.of(1);
  DurableRuns runs = open(RunLimits.DEFAULT);

  final DurableRuns open(RunLimits limits) {
    Dialect dialect =
        (tree, request) -> Optional.of(request.source().equals("push") ? plan : child);
    DurableRuns made = with(List.of(dialect), limits);
    made.open();
    return made;
  }

  final DurableRuns with(List<Dialect> dialects, RunLimits limits) {
    return new DurableRuns(ledger, dialects, trees, runner, InstantSource.system(), limits);
  }

  @AfterEach
  void close() {
    runs.close();
  }

  final void finish(String job, int attempt, String failure) {
    until(() -> runner.called("start " + job + "/" + attempt));
    runner.events().started(job, attempt);
    runner.events().ended(job, attempt, failure);
  }

  final Runs.Run ended(String id) throws InterruptedException {
    Runs.Run run = runs.run(id).orElseThrow();
    for (int i = 0; i < 10 && run.endedAt().isEmpty(); i++) {
      run = runs.await(id, run.state(), 2_000);
    }
    return run;
  }

  /** The states of a run's jobs, in the order of the plan. */
  final List<String> states(String runId) {
    return runs.run(runId).orElseThrow().jobs().stream().map(Runs.JobView::state).toList();
  }

  static void until(BooleanSupplier condition) {
    long end = System.nanoTime() + 10_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "did not happen within 10 s");
      Thread.onSpinWait();
    }
  }
}
