package dev.esteira.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.store.TestingLedger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * One history by one seed: runs begin, are cancelled, time out; errands are carried out, events are
 * told late, twice or after a restart; the process is killed at any write. What is in the ledger
 * and in the world survives, nothing else does.
 */
final class RunsSimulation {
  private static final int SLOTS = 2;
  private static final int ACTIONS = 100;
  private static final int QUIET_ROUNDS_MAX = 2_000;

  private final Random random;
  private final boolean[] faults = {true};
  private final RunBook book;
  private final SimulatedWorld world;
  private final List<String> runs = new ArrayList<>();
  private final Map<String, Plan> plans = new HashMap<>();

  /** Runs whose course a person or a time limit changed. */
  private final Set<String> meddled = new HashSet<>();

  private final Set<String> announced = new HashSet<>();
  private final Map<String, Integer> acknowledged = new HashMap<>();

  /** What the process holds in memory: how far it has told each sandbox's events. */
  private final Map<String, Integer> toldTo = new HashMap<>();

  private Instant now = Instant.EPOCH;
  private int ids;

  RunsSimulation(long seed) {
    random = new Random(seed);
    world = new SimulatedWorld(random);
    FaultyLedger ledger = new FaultyLedger(new TestingLedger(), random, 40, faults);
    RunLimits limits = new RunLimits(SLOTS, 20, 10_000);
    book = new RunBook(ledger, limits, () -> now, () -> "run" + ++ids);
  }

  void play() {
    for (int i = 0; i < ACTIONS; i++) {
      now = now.plusSeconds(random.nextInt(5));
      act(this::chance);
      if (i % 10 == 0) {
        checkAlways();
      }
    }
    faults[0] = false;
    restart();
    for (int i = 0; !quiet(); i++) {
      assertTrue(i < QUIET_ROUNDS_MAX, () -> "the runs never end: " + open());
      now = now.plusSeconds(1);
      act(this::settle);
    }
    checkAtTheEnd();
  }

  private void act(Runnable action) {
    try {
      action.run();
    } catch (FaultyLedger.Killed e) {
      restart();
    }
  }

  private void chance() {
    switch (random.nextInt(12)) {
      case 0 -> begin();
      case 1 -> restart();
      case 2 -> {
        boolean late = random.nextInt(8) == 0;
        now = now.plusSeconds(late ? 700 : 1);
        if (late) {
          // Jobs that run now end by their time limit, which the reference does not know.
          meddled.addAll(runs);
        }
      }
      case 3 -> book.tick();
      case 4 -> {
        if (!runs.isEmpty() && random.nextInt(2) == 0) {
          meddle(runs.get(random.nextInt(runs.size())));
        }
      }
      case 5, 6, 7 -> errand();
      case 8, 9 -> world.any().ifPresent(s -> world.advance(s, faults[0]));
      default -> world.any().ifPresent(this::tell);
    }
  }

  /** A person does something to a run. */
  private void meddle(String runId) {
    int jobs = book.runRecord(runId).orElseThrow().jobIds().size();
    if (jobs == 0) {
      return;
    }
    int node = random.nextInt(jobs);
    String jobId = runId + "-" + (node + 1);
    switch (random.nextInt(6)) {
      case 0 -> {
        meddled.add(runId);
        book.run(runId, new RunEvent.CancelAsked());
      }
      case 1 -> {
        meddled.add(runId);
        book.run(runId, new RunEvent.JobCancelAsked(node));
      }
      case 2 -> {
        meddled.add(runId);
        book.run(runId, new RunEvent.RetryAsked(List.of(node)));
      }
      default -> book.play(jobId, Map.of());
    }
  }

  /** Nobody leaves a run blocked; jobs that need not be played may stay. */
  private void playWhatBlocks() {
    for (String runId : runs) {
      RunRecord run = book.runRecord(runId).orElseThrow();
      int manual = run.state().marks().indexOf(Mark.MANUAL);
      if (!run.state().ended() && manual >= 0) {
        book.play(run.jobIds().get(manual), Map.of());
      }
    }
  }

  private void settle() {
    playWhatBlocks();
    book.tick();
    errand();
    world.any().ifPresent(s -> world.advance(s, false));
    world.any().ifPresent(this::tell);
  }

  private void begin() {
    Plan plan = TestingPlans.random(random, true);
    Runs.Request request = new Runs.Request("shop", "c", "main", "me");
    plans.forEach((id, earlier) -> {
      if (earlier.autoCancel().onNewCommit() != AutoCancel.OnNewCommit.NONE) {
        meddled.add(id);
      }
    });
    born(plan, () -> book.begin(request, new RunBook.Outcome(Optional.of(plan), "")));
  }

  /** Knows of the run that is recorded, even when the process is killed in its midst. */
  private void born(Plan plan, Runnable birth) {
    String id = "run" + (ids + 1);
    runs.add(id);
    plans.put(id, plan);
    try {
      birth.run();
    } catch (EsteiraException e) {
      assertEquals(ErrorCode.LIMIT, e.code());
    } finally {
      if (book.runRecord(id).isEmpty()) {
        runs.remove(id);
      }
    }
  }

  /** Carries out one errand that is the first of its job, as the hands do. */
  private void errand() {
    Set<String> jobs = new HashSet<>();
    List<Errand> ready = book.errands().stream().filter(e -> jobs.add(e.jobId())).toList();
    if (ready.isEmpty()) {
      return;
    }
    Errand errand = ready.get(random.nextInt(ready.size()));
    if (faults[0] && errand.action() == JobCommand.Action.START && random.nextInt(15) == 0) {
      book.job(errand.jobId(), new JobEvent.SystemFailure(errand.attempt(), "no engine"));
    } else {
      carryOut(errand);
    }
    book.done(errand);
  }

  private void carryOut(Errand errand) {
    if (book.jobRecord(errand.jobId()).traits().trigger()) {
      carryOutTrigger(errand);
      return;
    }
    switch (errand.action()) {
      case START -> {
        if (book.awaits(errand.jobId(), errand.attempt())) {
          world.start(errand.jobId(), errand.attempt());
        }
      }
      case CANCEL -> world.cancel(errand.jobId(), errand.attempt());
      case CLEAN_UP -> world.cleanUp(errand.jobId(), errand.attempt());
      case ANNOUNCE_SUCCESS, ANNOUNCE_FAILURE -> announced.add(errand.jobId());
    }
  }

  private void carryOutTrigger(Errand errand) {
    switch (errand.action()) {
      case START -> {
        if (book.awaits(errand.jobId(), errand.attempt())) {
          Plan plan = TestingPlans.random(random, false);
          Runs.Request request =
              new Runs.Request(
                  "shop",
                  "c",
                  "main",
                  "me",
                  "parent_pipeline",
                  Optional.empty(),
                  Map.of(),
                  Map.of());
          boolean depends = random.nextBoolean();
          born(plan, () -> trigger(errand, request, plan, depends));
        }
      }
      case CANCEL -> book.cancelTriggered(errand.jobId(), errand.attempt());
      case CLEAN_UP -> {}
      case ANNOUNCE_SUCCESS, ANNOUNCE_FAILURE -> announced.add(errand.jobId());
    }
  }

  private void trigger(Errand errand, Runs.Request request, Plan plan, boolean depends) {
    try {
      book.trigger(errand.jobId(), errand.attempt(), request, plan, depends);
    } catch (EsteiraException e) {
      book.job(errand.jobId(), new JobEvent.Ended(errand.attempt(), e.text()));
    }
  }

  /** The process tells the next event of a sandbox that it has not told in this life. */
  private void tell(SimulatedWorld.Sandbox sandbox) {
    String key = SimulatedWorld.key(sandbox.jobId, sandbox.attempt);
    int next = toldTo.getOrDefault(key, 0);
    if (next < sandbox.told.size()) {
      book.job(sandbox.jobId, sandbox.told.get(next));
      toldTo.put(key, next + 1);
    }
  }

  /** Memory is lost; open jobs are started again, which adopts their sandboxes. */
  private void restart() {
    toldTo.clear();
    for (JobRecord job : book.active()) {
      world.start(job.id(), job.state().attempt());
      if (job.state() instanceof JobState.Cancelling) {
        world.cancel(job.id(), job.state().attempt());
      }
    }
  }

  private boolean isMeddled(String runId) {
    RunRecord run = book.runRecord(runId).orElseThrow();
    Optional<RunRecord.Parent> parent = run.parent();
    return meddled.contains(runId)
        || endedEarly(run)
        || parent.map(p -> isMeddled(p.runId())).orElse(false);
  }

  /** One job failed, which ended all others. */
  private boolean endedEarly(RunRecord run) {
    return plans.get(run.id()).autoCancel().allOnJobFailure()
        && run.state().marks().contains(Mark.FAILED);
  }

  private String open() {
    StringBuilder text = new StringBuilder(book.errands().toString());
    for (String id : runs) {
      RunRecord run = book.runRecord(id).orElseThrow();
      if (!run.state().ended()) {
        text.append('\n').append(run.state());
        run.jobIds().forEach(job -> text.append("\n  ").append(book.jobRecord(job)));
      }
    }
    return text.toString();
  }

  private boolean quiet() {
    return book.errands().isEmpty()
        && world.empty()
        && runs.stream().allMatch(id -> book.runRecord(id).orElseThrow().state().ended());
  }

  private void checkAlways() {
    checkResourceGroups();
    assertTrue(book.active().size() <= SLOTS, "more jobs than slots");
    world.executed.forEach((step, times) -> assertEquals(1, times, step + " was executed twice"));
    for (String run : runs) {
      for (String jobId : book.runRecord(run).orElseThrow().jobIds()) {
        JobState state = book.jobRecord(jobId).state();
        for (Runs.StepView step : state.steps()) {
          String key = SimulatedWorld.key(jobId, state.attempt()) + "#" + step.index();
          assertTrue(world.executed.containsKey(key), key + " was acknowledged but never ran");
          step.exitCode()
              .ifPresent(code ->
                  assertEquals(
                      code,
                      acknowledged.computeIfAbsent(key, k -> code),
                      key + " changed its exit code"));
        }
      }
    }
  }

  private void checkResourceGroups() {
    Set<String> held = new HashSet<>();
    for (String run : runs) {
      for (String jobId : book.runRecord(run).orElseThrow().jobIds()) {
        JobRecord job = book.jobRecord(jobId);
        boolean holds = job.state().active() || job.state() instanceof JobState.Queued;
        if (holds && job.traits().resource().isPresent()) {
          assertTrue(held.add(job.traits().resource().get()), jobId + " is not alone");
        }
      }
    }
  }

  private void checkAtTheEnd() {
    assertEquals(List.of(), book.active());
    for (String runId : runs) {
      RunRecord run = book.runRecord(runId).orElseThrow();
      List<JobState> jobs = run.jobIds().stream().map(id -> book.jobRecord(id).state()).toList();
      assertTrue(
          jobs.stream().allMatch(j -> j.ended() || j instanceof JobState.Manual),
          runId + " left a job open");
      boolean stopped =
          run.state() instanceof RunState.Failed f && f.failure().startsWith("the run");
      if (endedEarly(run) && !meddled.contains(runId)) {
        assertTrue(run.state() instanceof RunState.Failed, runId + " ended early, but not failed");
        assertFalse(run.state().marks().contains(Mark.MANUAL), runId + " waits for a person");
      } else if (!isMeddled(runId) && !stopped) {
        Reference reference = new Reference(plans.get(runId), jobs);
        assertEquals(reference.marks(), run.state().marks(), runId);
        assertEquals(reference.state(), run.state().getClass().getSimpleName(), runId);
      }
      for (String jobId : run.jobIds()) {
        JobState state = book.jobRecord(jobId).state();
        boolean began = !(state instanceof JobState.Skipped || state instanceof JobState.Manual);
        if (!isMeddled(runId)) {
          assertEquals(began, announced.contains(jobId), jobId + " announced");
        }
      }
    }
  }
}
