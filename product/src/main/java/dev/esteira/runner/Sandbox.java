package dev.esteira.runner;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.pipeline.JobRunner;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One attempt: prepared or adopted, started, read along, ended. Its thread lives as long as the job
 * or this process, whichever ends first.
 *
 * <pre>
 *  no record ---> take one that waits ---> recorded as begun ---> begin --.
 *      | none waits, or that failed                                       v
 *      '---> prepare ---> record, container made ---> start ---> read along ---> over
 *  record, taken but not begun ---> thrown away, then as without a record
 *  record, container made or running ------------------------^            |
 *  record, container gone, log complete ----------------------------------'
 *  record, container gone or ended early ---> system failure
 * </pre>
 */
final class Sandbox {
  private static final Logger LOG = Logger.getLogger(Sandbox.class.getName());
  private static final long CLOSE_SECONDS_MAX = 20;
  private static final int CANCEL_GRACE_SECONDS = 3;

  private final Parts parts;
  private final RunnerSettings settings;
  private final WarmPool pool;
  private final JobRunner.Assignment assignment;
  private final JobRunner.Events events;
  private final ExecutorService threads;
  private final Attempt attempt;
  private final Ending ending;
  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile boolean cancelled;
  private volatile boolean closed;
  private volatile String container;
  private volatile Optional<Thread> thread = Optional.empty();

  Sandbox(
      Parts parts,
      RunnerSettings settings,
      WarmPool pool,
      JobRunner.Assignment assignment,
      JobRunner.Events events,
      ExecutorService threads) {
    this.parts = parts;
    this.settings = settings;
    this.pool = pool;
    this.assignment = assignment;
    this.events = events;
    this.threads = threads;
    this.attempt = Attempt.of(assignment);
    this.ending = new Ending(parts, attempt, events);
    this.container = attempt.container(parts.home());
  }

  void begin() {
    threads.execute(this::live);
  }

  boolean isOf(String owner) {
    return attempt.owner().equals(owner);
  }

  /** What the job's containers publish answers at its own localhost, too. */
  void published(List<Integer> ports) {
    new LocalPorts(parts, attempt.owner(), container).set(ports);
  }

  /** The job's end follows as {@code cancelled}. */
  void cancel() {
    cancelled = true;
    stop();
  }

  /** Stops reading along and waits until that has stopped. */
  void close() {
    closed = true;
    thread.ifPresent(Thread::interrupt);
    try {
      if (!finished.await(CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
        LOG.warning("the reader of " + attempt.key() + " does not stop");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void live() {
    thread = Optional.of(Thread.currentThread());
    try {
      if (!closed) {
        work();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      if (!closed && !threads.isShutdown()) {
        ending.tell(e, () -> cancelled);
      }
    } finally {
      finished.countDown();
    }
  }

  private void work() throws InterruptedException {
    JobScript script = new JobScript(assignment.job());
    Optional<SandboxRecord> known = SandboxRecord.find(parts.ledger(), attempt);
    Optional<String> ended = known.flatMap(SandboxRecord::failure);
    if (ended.isPresent()) {
      ending.tell(ended.get(), known.get().exitCode());
      return;
    }
    Reading reading = known.isPresent() ? adopt(script, known.get()) : prepare(script);
    pool.look();
    events.started(attempt.jobId(), attempt.number());
    Deployment deployment = new Deployment(assignment, events);
    Map<String, String> variables = EnvironmentNotes.read(attempt.directory(parts.home()));
    deployment.tell(variables, Map.of());
    ContainerWatch watch = new ContainerWatch(parts.engine(), container);
    threads.execute(watch);
    try (reading) {
      String failure = follow(reading, watch);
      if (failure.isEmpty()) {
        failure = new Releasing(parts, assignment, events, variables).run(watch).orElse("");
      }
      finish(reading, failure, watch, variables, deployment);
    }
  }

  private Reading prepare(JobScript script) throws InterruptedException {
    Optional<WarmMember> member = pool.take(assignment);
    if (member.isPresent()) {
      WarmStart start = new WarmStart(parts, settings, assignment, member.get());
      try {
        return takeOver(script, member.get(), start);
      } catch (RuntimeException e) {
        if (closed || threads.isShutdown()) {
          throw e;
        }
        LOG.log(Level.INFO, "could not take over a sandbox; making one for " + attempt.key(), e);
        pool.tookOver(start.moved());
        discard(member.get());
      }
    }
    return make(script);
  }

  private Reading takeOver(JobScript script, WarmMember member, WarmStart start)
      throws InterruptedException {
    parts.logs().delete(attempt.logStream());
    parts.logs().append(attempt.logStream(), parts.clock().instant(), header().getFirst());
    Preparation.Prepared prepared = start.prepare(script, header());
    save(prepared.record());
    container = member.name(parts.home());
    begin(member);
    pool.tookOver(true);
    return new Reading(parts, attempt, script, prepared.record(), prepared.secrets(), events);
  }

  /** A sandbox that was taken over, but in which nothing of the job has run. */
  private void discard(WarmMember member) {
    container = attempt.container(parts.home());
    pool.dispose(member);
    Services.remove(parts, attempt);
    parts.proxy().close(attempt.owner());
    parts.networks().removeBridge(attempt.owner());
  }

  /** As {@link #run}: a cancel that came first keeps the job from beginning. */
  private void begin(WarmMember member) {
    if (!cancelled) {
      new WarmStart(parts, settings, assignment, member).begin();
    }
    if (cancelled) {
      stop();
    }
  }

  private Reading make(JobScript script) throws InterruptedException {
    parts.logs().delete(attempt.logStream());
    Preparation preparation = new Preparation(parts, settings, assignment);
    preparation.fill(script);
    attempt.control(parts.home()).say(header());
    parts.logs().append(attempt.logStream(), parts.clock().instant(), header().getFirst());
    Preparation.Prepared prepared = preparation.prepare();
    save(prepared.record());
    run();
    return new Reading(parts, attempt, script, prepared.record(), prepared.secrets(), events);
  }

  /** Starts the container, unless a cancel came first; one that comes meanwhile stops it. */
  private void run() {
    if (!cancelled) {
      startContainer();
    }
    if (cancelled) {
      stop();
    }
  }

  private void startContainer() {
    try {
      parts.engine().startContainer(container);
    } catch (EsteiraException e) {
      if (e.code() == ErrorCode.INVALID) {
        // The engine could not run /bin/sh: an image without a shell.
        throw new JobFailure("image " + assignment.job().image() + ": " + e.text());
      }
      throw e;
    }
  }

  private void stop() {
    parts.engine().stopContainer(container, CANCEL_GRACE_SECONDS);
  }

  private List<String> header() {
    return attempt.header(assignment);
  }

  private Reading adopt(JobScript script, SandboxRecord record) throws InterruptedException {
    if (record.isHalfTaken()) {
      discard(record.warm().orElseThrow());
      return make(script);
    }
    container = WarmMember.container(parts.home(), attempt, record.warm());
    Optional<JsonNode> found = parts.engine().inspectContainer(container);
    if (found.isEmpty() && !Files.exists(attempt.control(parts.home()).steps())) {
      throw EsteiraException.internal("the sandbox of the job is gone", null);
    }
    if (found.isPresent()) {
      DockerService.reopen(parts, attempt, SandboxDoor.open(parts, assignment));
    }
    if (found.isPresent() && found.get().at("/State/Status").asText().equals("created")) {
      run();
    }
    if (found.isPresent()) {
      record.warm().ifPresent(this::begin);
    }
    List<String> secrets = new GivenSecrets(parts, assignment, record).of(found);
    return new Reading(parts, attempt, script, record, secrets, events);
  }

  /** Reads along until the job is over; returns how it failed, empty when it did not. */
  private String follow(Reading reading, ContainerWatch watch) throws InterruptedException {
    while (true) {
      Optional<String> end = watch.end();
      boolean moved = reading.round();
      if (reading.over().isPresent()) {
        return cancelled && !reading.over().get().isEmpty()
            ? Ending.CANCELLED
            : reading.over().get();
      }
      if (end.isPresent() && !moved) {
        if (cancelled) {
          return Ending.CANCELLED;
        }
        new Beginning(parts, attempt, assignment.job(), container).check(end.get());
        throw EsteiraException.internal("the sandbox ended before its job: " + end.get(), null);
      }
      reading.limit();
      if (!moved) {
        reading.pause();
      }
    }
  }

  private void finish(
      Reading reading,
      String failure,
      ContainerWatch watch,
      Map<String, String> variables,
      Deployment deployment)
      throws InterruptedException {
    Optional<String> missing = Optional.empty();
    if (!failure.equals(Ending.CANCELLED)) {
      new SharedImages(parts, assignment).keep();
      hint(reading, variables);
      ControlDirectory control = attempt.control(parts.home());
      missing = new ArtifactUpload(parts, assignment, watch).run(control, !failure.isEmpty());
      new Measuring(parts, assignment).run();
      deployment.tell(
          variables,
          parts.files().outcome(attempt.jobId()).map(Outcome::variables).orElse(Map.of()));
    }
    String how = failure.isEmpty() ? missing.orElse("") : failure;
    if (how.isEmpty()) {
      how = new Publishing(parts, settings, assignment, variables).run().orElse("");
    }
    reading.end(how.isEmpty() ? "Job succeeded" : "Job failed: " + how);
    Optional<Integer> exitCode = how.equals(failure) ? reading.failedWith() : Optional.empty();
    // The end is recorded before the stream is closed: whoever finds it open goes on reading.
    save(reading.record().over(how, exitCode));
    ending.tell(how, exitCode);
  }

  private void hint(Reading reading, Map<String, String> variables) {
    Optional<JsonNode> found =
        reading.failedWith().flatMap(_ -> parts.engine().inspectContainer(container));
    reading
        .failedWith()
        .map(code -> new FailureHints(parts, assignment).of(code, variables, found))
        .filter(hints -> !hints.isEmpty())
        .ifPresent(hints -> attempt.control(parts.home()).say(hints));
  }

  private void save(SandboxRecord record) {
    parts
        .ledger()
        .write(tx -> {
          tx.put(SandboxRecord.KIND, attempt.key(), Json.write(record));
          return 0;
        });
  }
}
