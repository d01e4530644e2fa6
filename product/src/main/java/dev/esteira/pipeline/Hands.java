package dev.esteira.pipeline;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * Carries out the errands of the outbox: those of one job in order, jobs side by side. An errand
 * leaves the outbox once it is done, so after a crash it may be done again.
 */
final class Hands implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Hands.class.getName());
  private static final long TICK_MILLIS = 1_000;
  private static final int TRIES_MAX = 5;
  private static final long PAUSE_MILLIS = 500;
  private static final long CLOSE_SECONDS_MAX = 10;

  private final RunBook book;
  private final JobRunner runner;
  private final Triggers triggers;
  private final ScheduledStart scheduled;
  private final ReleaseBook releases;

  /** Each looks whether something is due. */
  private final List<Runnable> clocks;

  private final Bell bell;
  private final List<Runs.JobEndListener> listeners = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Set<String> taken = new HashSet<>();
  private final Map<String, List<Errand>> lanes = new HashMap<>();
  private final Reports reports = new Reports();

  Hands(
      RunBook book,
      JobRunner runner,
      Triggers triggers,
      ScheduledStart scheduled,
      ReleaseBook releases,
      List<Runnable> clocks,
      Bell bell) {
    this.book = book;
    this.runner = runner;
    this.triggers = triggers;
    this.scheduled = scheduled;
    this.releases = releases;
    this.clocks = List.copyOf(clocks);
    this.bell = bell;
  }

  void onJobEnd(Runs.JobEndListener listener) {
    listeners.add(listener);
  }

  void open() {
    for (JobRecord job : book.active()) {
      int attempt = job.state().attempt();
      enlist(new Errand("", job.id(), JobCommand.Action.START, attempt));
      if (job.state() instanceof JobState.Cancelling) {
        enlist(new Errand("", job.id(), JobCommand.Action.CANCEL, attempt));
      }
    }
    runner.open();
    threads.execute(() -> attempt("finish the releases", releases::resume));
    threads.execute(this::dispatch);
  }

  private void dispatch() {
    try {
      while (!threads.isShutdown()) {
        long heard = bell.count();
        attempt("look after the runs", this::look);
        bell.await(heard, TICK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    clocks.forEach(Runnable::run);
    List<Errand> errands = book.errands();
    synchronized (lanes) {
      // Forget an errand only once the outbox is seen without it: else it would be done twice.
      taken.retainAll(errands.stream().map(Errand::key).collect(Collectors.toSet()));
    }
    errands.forEach(this::enlist);
  }

  private void enlist(Errand errand) {
    synchronized (lanes) {
      if (!errand.key().isEmpty() && !taken.add(errand.key())) {
        return;
      }
      List<Errand> lane = lanes.get(errand.jobId());
      if (lane != null) {
        lane.add(errand);
        return;
      }
      lanes.put(errand.jobId(), new ArrayList<>(List.of(errand)));
    }
    threads.execute(() -> work(errand.jobId()));
  }

  private void work(String jobId) {
    while (true) {
      Errand next;
      synchronized (lanes) {
        List<Errand> lane = lanes.get(jobId);
        if (lane == null || lane.isEmpty()) {
          lanes.remove(jobId);
          return;
        }
        next = lane.removeFirst();
      }
      try {
        carryOut(next);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void carryOut(Errand errand) throws InterruptedException {
    String what = errand.action() + " of job " + errand.jobId() + " attempt " + errand.attempt();
    boolean done = false;
    for (int tries = 1; !done && tries <= TRIES_MAX; tries++) {
      done = attempt(what, () -> act(errand));
      if (!done && errand.action() == JobCommand.Action.START) {
        break;
      }
      if (!done) {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS * tries);
      }
    }
    if (threads.isShutdown()) {
      // The errand stays in the outbox for the next process.
      return;
    }
    boolean needed =
        !ScheduleBook.isOwner(errand)
            && (errand.action() == JobCommand.Action.START
                || errand.action() == JobCommand.Action.CANCEL);
    if (!done && needed) {
      attempt(
          what, () -> reports.systemFailure(errand.jobId(), errand.attempt(), what + " failed"));
    }
    if (!errand.key().isEmpty()) {
      attempt(what, () -> book.done(errand));
    }
  }

  private void act(Errand errand) {
    String jobId = errand.jobId();
    int attempt = errand.attempt();
    if (ScheduleBook.isOwner(errand)) {
      scheduled.carryOut(errand);
      bell.ring();
      return;
    }
    boolean trigger = book.jobRecord(jobId).traits().trigger();
    switch (errand.action()) {
      case START -> {
        if (!book.awaits(jobId, attempt)) {
          return;
        }
        if (trigger) {
          triggers.start(book.assignment(jobId, attempt), reports);
        } else {
          runner.start(book.assignment(jobId, attempt), reports);
        }
        bell.ring();
      }
      case CANCEL -> {
        if (trigger) {
          book.cancelTriggered(jobId, attempt);
          bell.ring();
        } else {
          runner.cancel(jobId, attempt);
        }
      }
      case CLEAN_UP -> {
        if (!trigger) {
          runner.cleanUp(jobId, attempt);
        }
      }
      case ANNOUNCE_SUCCESS -> listeners.forEach(l -> l.ended(jobId, true));
      case ANNOUNCE_FAILURE -> listeners.forEach(l -> l.ended(jobId, false));
    }
  }

  /** Whether it went well; what went wrong is logged. */
  private boolean attempt(String what, Runnable work) {
    try {
      work.run();
      return true;
    } catch (RuntimeException e) {
      if (!threads.isShutdown()) {
        LOG.log(Level.WARNING, "could not " + what, e);
      }
      return false;
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    try {
      threads.awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What the runner tells, recorded before the call returns. */
  private final class Reports implements JobRunner.Events {
    private static final int TEXT_CHARACTERS_MAX = 300;
    private static final int TELL_TRIES_MAX = 600;

    @Override
    public void started(String jobId, int attempt) {
      tell(jobId, new JobEvent.Started(attempt));
    }

    @Override
    public void stepStarted(String jobId, int attempt, int index, String section, String text) {
      String shown =
          text.length() <= TEXT_CHARACTERS_MAX
              ? text
              : text.substring(0, TEXT_CHARACTERS_MAX) + "…";
      tell(jobId, new JobEvent.StepStarted(attempt, index, section, shown));
    }

    @Override
    public void stepEnded(String jobId, int attempt, int index, int exitCode) {
      tell(jobId, new JobEvent.StepEnded(attempt, index, exitCode));
    }

    @Override
    public void ended(String jobId, int attempt, String failure) {
      tell(jobId, new JobEvent.Ended(attempt, failure));
    }

    @Override
    public void failed(String jobId, int attempt, JobRunner.Failure failure) {
      tell(
          jobId, new JobEvent.Ended(attempt, failure.text(), failure.reason(), failure.exitCode()));
    }

    @Override
    public void environment(String jobId, int attempt, String name, Optional<String> url) {
      book.environment(jobId, attempt, name, url);
    }

    @Override
    public void release(String jobId, int attempt, Releases.Wanted wanted) {
      releases.create(wanted, jobId, attempt);
    }

    @Override
    public void systemFailure(String jobId, int attempt, String reason) {
      tell(jobId, new JobEvent.SystemFailure(attempt, reason));
    }

    /** A sandbox must not fail because the ledger cannot write for a while (a full disk). */
    private void tell(String jobId, JobEvent event) {
      for (int tries = 1; ; tries++) {
        try {
          book.job(jobId, event);
          bell.ring();
          return;
        } catch (EsteiraException e) {
          if (e.code() != ErrorCode.UNAVAILABLE || tries >= TELL_TRIES_MAX) {
            throw e;
          }
          LOG.log(Level.WARNING, "could not record what job " + jobId + " did; tried again", e);
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS));
        if (threads.isShutdown()) {
          return;
        }
      }
    }
  }
}
