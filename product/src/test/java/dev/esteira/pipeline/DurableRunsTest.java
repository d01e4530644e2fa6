package dev.esteira.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.store.TestingLedger;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DurableRunsTest {
  private static final Runs.Request REQUEST =
      new Runs.Request("shop", "c0ffee", "refs/heads/main", "admin");

  private final TestingLedger ledger = new TestingLedger();
  private final TestingRunner runner = new TestingRunner();
  private Plan plan = TestingPlans.of(1);
  private Plan child = TestingPlans.of(1);
  private DurableRuns runs = open(RunLimits.DEFAULT);

  private DurableRuns open(RunLimits limits) {
    Dialect dialect =
        (tree, request) -> Optional.of(request.source().equals("push") ? plan : child);
    DurableRuns made =
        new DurableRuns(
            ledger,
            List.of(dialect),
            (project, commit) -> path -> Optional.empty(),
            runner,
            InstantSource.system(),
            limits);
    made.open();
    return made;
  }

  @AfterEach
  void close() {
    runs.close();
  }

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
    assertEquals(
        List.of("succeeded", "manual", "skipped"),
        end.jobs().stream().map(Runs.JobView::state).toList());
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

  @Test
  void recordsOfTheFirstVersionAreStillRead() {
    RunRecord run =
        Json.read(
            """
            {"id":"r","request":{"project":"p","commit":"c","ref":"refs/heads/main","actor":"a"},
             "number":3,"createdAt":"2026-01-01T00:00:00Z","state":{"is":"active","stage":0,
             "stageSizes":[1],"open":1,"cancelled":false,"stopping":false},"jobIds":["r-1"],
             "notices":[]}\
            """,
            RunRecord.class);
    JobRecord job =
        Json.read(
            """
            {"id":"r-1","runId":"r","stage":0,"stageName":"s","index":0,"name":"j",
             "timeoutSeconds":9,"state":{"is":"running","attempt":1,
             "since":"2026-01-01T00:00:00Z","steps":[]}}\
            """,
            JobRecord.class);
    assertEquals(Optional.empty(), run.parent());
    assertEquals("push", run.request().source());
    assertEquals(List.of(), run.state().marks());
    assertEquals(Optional.empty(), job.child());
    assertEquals(0, job.node());
    assertEquals(JobRecord.Traits.PLAIN, job.traits());
  }

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

  @Test
  void aNewerPushCancelsRunsThatMayBeCutOff() throws InterruptedException {
    plan =
        TestingPlans.staged(
            List.of(TestingPlans.job("test", new TestingFlow().interruptible().made())));
    Runs.Run first = runs.start(REQUEST);
    until(() -> runner.called("start " + first.id() + "-1/1"));
    Runs.Run second = runs.start(REQUEST);
    assertEquals("cancelled", ended(first.id()).state());
    finish(second.id() + "-1", 1, "");
    assertEquals("succeeded", ended(second.id()).state());
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

  @Test
  void aRunThatTheFirstVersionLeftUnfinishedGoesOn() throws InterruptedException {
    // Given what that version kept of a run in its first stage
    runs.close();
    ledger.write(tx -> {
      tx.put(
          Kinds.RUN,
          "old",
          """
          {"id":"old","request":{"project":"shop","commit":"c","ref":"refs/heads/main",
           "actor":"a"},"number":1,"createdAt":"2026-01-01T00:00:00Z","state":{"is":"active",
           "stageSizes":[1,1],"stage":0,"open":1,"cancelled":false,"stopping":false},
           "jobIds":["old-1","old-2"],"notices":[]}\
          """);
      tx.put(Kinds.PLAN, "old", Json.write(TestingPlans.of(1, 1)));
      tx.put(Kinds.JOB, "old-1", oldJob(1, "{'is':'starting','attempt':1,'since':'NOW'}"));
      tx.put(Kinds.JOB, "old-2", oldJob(2, "{'is':'waiting'}"));
      String now = InstantSource.system().instant().toString();
      tx.put(Kinds.OPEN_RUN, "old", now);
      tx.put(Kinds.SLOT, "old-1", now);
      return 0;
    });
    // When
    runs = open(RunLimits.DEFAULT);
    // Then
    finish("old-1", 1, "");
    finish("old-2", 1, "");
    assertEquals("succeeded", ended("old").state());
  }

  private static String oldJob(int number, String state) {
    return """
    {'id':'old-NN','runId':'old','stage':SS,'stageName':'s','index':0,'name':'jobSS0',
     'timeoutSeconds':600,'state':STATE}\
    """
        .replace("NN", Integer.toString(number))
        .replace("SS", Integer.toString(number - 1))
        .replace("STATE", state)
        .replace("NOW", InstantSource.system().instant().toString())
        .replace("'", "\"");
  }

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
    runs =
        new DurableRuns(
            ledger,
            List.of((tree, request) -> {
              throw EsteiraException.invalid("buildspec.yml:3: there are no phases");
            }),
            (project, commit) -> path -> Optional.empty(),
            runner,
            InstantSource.system(),
            RunLimits.DEFAULT);
    Runs.Run run = runs.start(REQUEST);
    assertEquals("failed", run.state());
    assertEquals(Optional.of("buildspec.yml:3: there are no phases"), run.failure());
  }

  @Test
  void aCommitWithoutDeliveryFileFailsTheRun() {
    runs.close();
    runs =
        new DurableRuns(
            ledger,
            List.of(),
            (project, commit) -> path -> Optional.empty(),
            runner,
            InstantSource.system(),
            RunLimits.DEFAULT);
    assertTrue(runs.start(REQUEST).failure().orElseThrow().contains("no delivery file"));
  }

  private void finish(String job, int attempt, String failure) {
    until(() -> runner.called("start " + job + "/" + attempt));
    runner.events().started(job, attempt);
    runner.events().ended(job, attempt, failure);
  }

  private Runs.Run ended(String id) throws InterruptedException {
    Runs.Run run = runs.run(id).orElseThrow();
    for (int i = 0; i < 10 && run.endedAt().isEmpty(); i++) {
      run = runs.await(id, run.state(), 2_000);
    }
    return run;
  }

  private static void until(BooleanSupplier condition) {
    long end = System.nanoTime() + 10_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "did not happen within 10 s");
      Thread.onSpinWait();
    }
  }
}
