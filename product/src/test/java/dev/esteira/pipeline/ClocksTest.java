package dev.esteira.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.store.TestingLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Environments and schedules: what jobs leave behind, and what the clock starts. */
class ClocksTest {
  private static final Runs.Request REQUEST =
      new Runs.Request("shop", "c0ffee", "refs/heads/main", "admin");

  private final TestingRunner runner = new TestingRunner();
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-22T10:00:30Z"));
  private final DurableRuns runs =
      new DurableRuns(
          new TestingLedger(),
          List.of((_, request) -> Optional.of(plan(request))),
          new TestingTrees(),
          runner,
          now::get,
          RunLimits.DEFAULT);

  ClocksTest() {
    runs.open();
  }

  @AfterEach
  void close() {
    runs.close();
  }

  private static Plan plan(Runs.Request request) {
    return request.source().equals("schedule")
        ? TestingPlans.of(1)
        : TestingPlans.staged(
            List.of(TestingPlans.job("deploy", environment("start", Optional.of("stop it")))),
            List.of(TestingPlans.job("stop it", environment("stop", Optional.empty()))));
  }

  private static Flow environment(String action, Optional<String> onStop) {
    TestingFlow flow =
        new TestingFlow()
            .environment(
                new Flow.Environment(
                    "review/$A",
                    Optional.of("http://$A.example"),
                    action,
                    onStop,
                    onStop.map(_ -> 3_600L),
                    Optional.empty()));
    return action.equals("stop")
        ? flow.when(Flow.When.MANUAL).mayFail(true, java.util.Set.of()).made()
        : flow.made();
  }

  @Test
  void aDeploymentIsRememberedAndStoppedByItsJobWhenItsTimeIsOver() {
    // Given
    Runs.Run run = runs.start(REQUEST);
    until(() -> runner.called("start " + run.id() + "-1/1"));
    runner.events().started(run.id() + "-1", 1);
    assertEquals("running", only().deployments().getFirst().state());
    runner.events().ended(run.id() + "-1", 1, "");
    // Then
    Environments.Environment made = only();
    assertEquals("review/1", made.name());
    assertTrue(made.slug().matches("review-1-[0-9a-f]{6}"), made.slug());
    assertEquals("available", made.state());
    assertEquals(Optional.of("http://1.example"), made.url());
    assertEquals("development", made.tier());
    assertEquals("success", made.deployments().getFirst().state());
    assertEquals("c0ffee", made.deployments().getFirst().commit());
    assertEquals(Optional.of(now.get().plusSeconds(3_600)), made.autoStopAt());
    // When
    now.updateAndGet(time -> time.plus(Duration.ofHours(2)));
    // Then
    until(() -> runner.called("start " + run.id() + "-2/1"));
    assertEquals("stopping", only().state());
    runner.events().started(run.id() + "-2", 1);
    runner.events().ended(run.id() + "-2", 1, "");
    assertEquals("stopped", only().state());
  }

  @Test
  void aFailedDeploymentLeavesTheAddressAndABranchThatIsGoneStopsIt() {
    Runs.Run run = runs.start(REQUEST);
    finish(run.id() + "-1", "");
    Runs.Run second = runs.start(REQUEST);
    finish(second.id() + "-1", "it broke");
    assertEquals(
        List.of("failed", "success"),
        only().deployments().stream().map(Environments.Deployment::state).toList());
    assertEquals(Optional.of("http://1.example"), only().url());
    runs.environments().refDeleted("shop", "refs/heads/other");
    assertEquals("available", only().state());
    // The job that would stop it was skipped, because the deployment failed.
    runs.environments().refDeleted("shop", "refs/heads/main");
    assertEquals("stopped", only().state());
  }

  @Test
  void theClockStartsARunAndTellsWhenItCannot() {
    Schedules.Schedule made =
        runs.schedules().create("shop", "nightly", "main", "*/10 * * * *", "UTC", Map.of("N", "1"));
    assertEquals(Instant.parse("2026-11-22T10:10:00Z"), made.nextAt());
    assertTrue(runs.runs("shop", 10).isEmpty());
    now.set(Instant.parse("2026-11-22T10:31:00Z"));
    until(() -> !runs.runs("shop", 10).isEmpty());
    until(() -> runner.started.values().stream().findFirst().isPresent());
    Runs.Request request = runner.started.values().iterator().next().run();
    assertEquals("schedule", request.source());
    assertEquals("1", request.variables().get("N"));
    assertEquals("nightly", request.facts().get("schedule.description"));
    Schedules.Schedule after = runs.schedules().list("shop").getFirst();
    assertEquals(Instant.parse("2026-11-22T10:40:00Z"), after.nextAt());
    assertEquals(1, runs.runs("shop", 10).size());
    runs.schedules().runNow("shop", made.id());
    until(() -> runs.runs("shop", 10).size() == 2);
    runs.schedules().delete("shop", made.id());
    assertTrue(runs.schedules().list("shop").isEmpty());
    Schedules.Schedule lost =
        runs.schedules().create("shop", "", "gone", "@daily", "UTC", Map.of());
    runs.schedules().runNow("shop", lost.id());
    until(() -> runs.schedules().list("shop").getFirst().lastFailure().isPresent());
    assertFalse(runs.runs("shop", 10).size() > 2);
  }

  private Environments.Environment only() {
    List<Environments.Environment> all = runs.environments().list("shop");
    assertEquals(1, all.size());
    return all.getFirst();
  }

  private void finish(String job, String failure) {
    until(() -> runner.called("start " + job + "/1"));
    runner.events().started(job, 1);
    runner.events().ended(job, 1, failure);
  }

  private static void until(BooleanSupplier condition) {
    long end = System.nanoTime() + 10_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "did not happen within 10 s");
      Thread.onSpinWait();
    }
  }

  /** A project with a branch main alone. */
  private static final class TestingTrees implements DurableRuns.Trees {
    @Override
    public Dialect.Tree of(String project, String commit) {
      return _ -> Optional.empty();
    }

    @Override
    public Optional<DurableRuns.Tip> tip(String project, Optional<String> name) {
      return name.filter(n -> n.equals("main"))
          .map(n -> new DurableRuns.Tip("refs/heads/" + n, "c0ffee"));
    }
  }
}
