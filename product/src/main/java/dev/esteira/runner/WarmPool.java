package dev.esteira.runner;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import dev.esteira.base.Ids;
import dev.esteira.base.Json;
import dev.esteira.pipeline.JobRunner;
import dev.esteira.store.Ledger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A few sandboxes that run and wait for jobs whose image is the standard one. One thread tends it:
 * it makes what is missing while no job is beginning. Every member is in the ledger before it
 * exists, so that the next process finds it: one that still waits is kept, all else is removed. A
 * member leaves the pool in the transaction that gives it to an attempt. Thread-safe.
 */
final class WarmPool {
  private static final Logger LOG = Logger.getLogger(WarmPool.class.getName());
  private static final int ID_CHARACTERS = 10;

  /** How often it looks whether the image has come, memory is free and members live. */
  private static final long LOOK_MILLIS = 5_000;

  /** What has just begun has the machine to itself for so long. */
  private static final long PAUSE_MILLIS = 400;

  /** So many takings over that fail one after the other say that this machine cannot do it. */
  private static final int FAILURES_MAX = 3;

  private static final long WAITS_MILLIS_MAX = 20_000;
  private static final long POLL_MILLIS = 10;

  private final Parts parts;
  private final RunnerSettings settings;
  private final Home home;
  private final Deque<WarmMember> members = new ArrayDeque<>();
  private final Semaphore wanted = new Semaphore(0);
  private final AtomicInteger failures = new AtomicInteger();
  private volatile Optional<String> image = Optional.empty();
  private volatile boolean closed;

  WarmPool(Parts parts, RunnerSettings settings) {
    this.parts = parts;
    this.settings = settings;
    this.home = parts.home();
  }

  /** Looks after the pool until interrupted. */
  void tend() {
    try {
      attempt("take up", this::adopt);
      while (!closed && failures.get() < FAILURES_MAX) {
        boolean _ = wanted.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        wanted.drainPermits();
        attempt("fill", this::fill);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private interface Work {
    void run() throws InterruptedException;
  }

  private static void attempt(String what, Work work) throws InterruptedException {
    try {
      work.run();
    } catch (RuntimeException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedException();
      }
      LOG.log(Level.INFO, "could not " + what + " the pool of sandboxes; tried again later", e);
    }
  }

  /** Makes no more; the sandboxes that wait go on waiting. */
  void close() {
    closed = true;
  }

  /** One was taken over as far as this machine is concerned, or could not be. */
  void tookOver(boolean well) {
    if (well) {
      failures.set(0);
    } else if (failures.incrementAndGet() == FAILURES_MAX) {
      LOG.warning("waiting sandboxes cannot be taken over here; each job gets one of its own");
    }
  }

  /** A job has begun: there may be room. */
  void look() {
    wanted.release();
  }

  /** How many wait. */
  synchronized int size() {
    return members.size();
  }

  /**
   * Gives a waiting sandbox to the attempt: from now on it is the attempt's, also in the ledger. A
   * second attempt gets none, it starts from nothing.
   */
  Optional<WarmMember> take(JobRunner.Assignment assignment) {
    Attempt attempt = Attempt.of(assignment);
    boolean fits =
        assignment.job().image().equals(settings.warmImage())
            && assignment.job().runAs().isEmpty()
            && assignment.job().setting().entrypoint().isEmpty()
            && attempt.number() == 1
            && failures.get() < FAILURES_MAX;
    if (!fits) {
      return Optional.empty();
    }
    for (Optional<WarmMember> next = poll(); next.isPresent(); next = poll()) {
      WarmMember member = next.get();
      // One that has died is removed by whoever tends the pool.
      if (member.isWaiting(home) && give(member, attempt)) {
        return next;
      }
    }
    return Optional.empty();
  }

  private synchronized Optional<WarmMember> poll() {
    return Optional.ofNullable(members.poll());
  }

  private boolean give(WarmMember member, Attempt attempt) {
    return parts
        .ledger()
        .write(tx -> {
          boolean ours = tx.delete(WarmMember.KIND, member.id());
          if (ours) {
            String taken = Json.write(SandboxRecord.taken(member));
            tx.put(SandboxRecord.KIND, attempt.key(), taken);
          }
          return ours;
        });
  }

  private void adopt() {
    List<WarmMember> known = recorded();
    if (known.isEmpty() || !findImage()) {
      return;
    }
    known.stream().filter(this::isOfUse).forEach(this::offer);
    look();
  }

  /** One that was made from an older image waits in vain. */
  private boolean isOfUse(WarmMember member) {
    return member.isWaiting(home) && image.equals(Optional.of(member.image()));
  }

  private synchronized void offer(WarmMember member) {
    members.add(member);
  }

  private List<WarmMember> recorded() {
    return parts.ledger().list(WarmMember.KIND, "").stream().map(WarmPool::read).toList();
  }

  private static WarmMember read(Ledger.Stored stored) {
    return Json.read(stored.body(), WarmMember.class);
  }

  /** Removes what is of no use any more, then makes what is missing. */
  private void fill() throws InterruptedException {
    if (settings.warmMax() == 0 || !findImage()) {
      return;
    }
    recorded().stream().filter(member -> !isOfUse(member)).forEach(this::remove);
    while (size() < settings.warmMax() && Memory.availableBytes() >= Memory.FREE_BYTES_MIN) {
      make(image.orElseThrow());
    }
  }

  /** The image as of now; one that nobody has asked for yet is not made for this. */
  private boolean findImage() {
    String name = settings.warmImage();
    if (image.isEmpty()) {
      Optional<JsonNode> found = parts.engine().inspectImage(name);
      image =
          found.map(i ->
              parts.images().ships(name)
                  ? parts.images().ensure(name, line -> LOG.fine(() -> line))
                  : i.path("Id").asText());
    }
    return image.isPresent();
  }

  private void remove(WarmMember member) {
    boolean free;
    synchronized (this) {
      free = members.remove(member);
    }
    // One that is being given away is neither in the pool nor dead.
    boolean ours = parts.ledger().get(WarmMember.KIND, member.id()).isPresent();
    if (ours && (free || !member.isWaiting(home))) {
      dispose(member);
      parts.ledger().write(tx -> tx.delete(WarmMember.KIND, member.id()));
    }
  }

  /** Takes down what a member is made of, but for its record; what is gone already is fine. */
  void dispose(WarmMember member) {
    parts.engine().removeContainer(member.name(home));
    parts.networks().removeBridge(member.owner());
    Directories.delete(member.directory(home));
  }

  private void make(String from) throws InterruptedException {
    WarmMember planned = WarmMember.planned(Ids.random(ID_CHARACTERS), from);
    save(planned);
    try {
      String control = prepare(planned).toString();
      Path directory = planned.directory(home);
      List<String> binds =
          List.of(
              directory.resolve("work") + ":" + WarmStart.STAGED,
              control + ":" + ControlDirectory.INSIDE,
              directory.resolve("door") + ":" + ControlDirectory.INSIDE + "/door:ro");
      SandboxSpec spec =
          new SandboxSpec(
              from,
              new Entry(List.of(), "0:0"),
              "/",
              "wait.sh",
              List.of(),
              planned.owner(),
              planned.id(),
              binds,
              List.of(),
              parts.networks().bridge(planned.owner(), false).network());
      String container =
          parts
              .engine()
              .createContainer(
                  planned.name(home), spec.json(home, settings, parts.networks().houseAddress()));
      parts.engine().startContainer(container);
      WarmMember member = planned.waiting(container, pid(container));
      awaitWaiting(member);
      save(member);
      offer(member);
    } catch (RuntimeException e) {
      image = Optional.empty();
      throw e;
    }
  }

  private Path prepare(WarmMember member) {
    try {
      Files.createDirectories(member.directory(home).resolve("work"));
      Files.createDirectories(member.directory(home).resolve("door"));
      Path control = Files.createDirectories(member.control(home));
      Files.createDirectories(control.resolve("door"));
      Files.writeString(control.resolve("wait.sh"), ControlDirectory.resource("wait.sh"));
      return control;
    } catch (IOException e) {
      throw new UncheckedIOException("could not make " + member.directory(home), e);
    }
  }

  private long pid(String container) {
    return parts
        .engine()
        .inspectContainer(container)
        .map(c -> c.at("/State/Pid").asLong())
        .orElse(0L);
  }

  private void awaitWaiting(WarmMember member) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAITS_MILLIS_MAX);
    while (!member.isWaiting(home)) {
      if (System.nanoTime() > end) {
        throw EsteiraException.unavailable(
            "the sandbox " + member.name(home) + " does not wait for a job", null);
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  private void save(WarmMember member) {
    parts
        .ledger()
        .write(tx -> {
          tx.put(WarmMember.KIND, member.id(), Json.write(member));
          return 0;
        });
  }
}
