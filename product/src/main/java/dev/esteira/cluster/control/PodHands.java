package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.cluster.ApiException;
import dev.esteira.cluster.ClusterEvents;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Carries out one pod's commands, each on a thread of its own, idempotently; what came of it goes
 * back as an event. What makes things holds the read lock, what removes all the write lock: nothing
 * is made behind a removal.
 */
final class PodHands {
  private static final Logger LOG = Logger.getLogger(PodHands.class.getName());
  private static final long RETRY_MILLIS = 1_000;
  private static final long UNHEALTHY_DRAIN_MILLIS = 2_000;
  private static final long RETIRE_MILLIS = 10_000;
  private static final long STAND_BY_MILLIS = 1_500;
  private static final long STAND_BY_MILLIS_MAX = 5_000;
  private static final long REMOVE_MILLIS_MAX = 1_000;

  private final PodContext context;
  private final PodActor actor;
  private final PodNames names;
  private final ContainerStart starts;
  private final ReentrantReadWriteLock making = new ReentrantReadWriteLock();
  private final Map<String, ContainerWatch> watches = new ConcurrentHashMap<>();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private volatile boolean removed;
  private volatile boolean closed;

  PodHands(PodContext context, PodActor actor, boolean resumed) {
    this.context = context;
    this.actor = actor;
    ObjectNode pod = actor.pod();
    this.names =
        new PodNames(context.home().id(), Tree.uid(pod), Tree.namespace(pod), Tree.name(pod));
    this.starts = new ContainerStart(context, actor, names, resumed);
  }

  void carryOut(List<PodCommand> commands) {
    commands.forEach(c -> {
      Thread thread = Thread.ofVirtual().name("pod-" + names.pod()).unstarted(() -> run(c));
      threads.add(thread);
      thread.start();
    });
  }

  private void run(PodCommand command) {
    try {
      while (!closed && !done(command)) {
        TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      threads.remove(Thread.currentThread());
    }
  }

  /** False: it failed for a reason outside the pod and is tried again. */
  private boolean done(PodCommand command) throws InterruptedException {
    try {
      switch (command) {
        case PodCommand.MakeSandbox c -> make(() -> makeSandbox(c));
        case PodCommand.WatchSandbox c -> watchSandbox(c);
        case PodCommand.RemoveSandbox c -> removeSandbox(c.attempt());
        case PodCommand.EnsureImage c -> ensureImage(c);
        case PodCommand.Run c -> make(() -> actor.tell(starts.start(c)));
        case PodCommand.Watch c -> watch(c);
        case PodCommand.Stop c -> stop(c);
        case PodCommand.Drain c -> {
          context.traffic().drain(names.uid(), c.graceMillis());
          actor.tell(new PodEvent.Drained());
        }
        case PodCommand.Remove _ -> remove();
        case PodCommand.Forget _ -> actor.forget();
        case PodCommand.WakeAt c -> wakeAt(c.at());
      }
      return true;
    } catch (RuntimeException e) {
      if (!closed) {
        LOG.log(Level.INFO, "pod " + names.pod() + ": " + command + " failed, tries again", e);
      }
      return closed;
    }
  }

  private void make(Runnable work) {
    making.readLock().lock();
    try {
      if (!removed && !closed) {
        work.run();
      }
    } finally {
      making.readLock().unlock();
    }
  }

  /** Whether the pod's network is there; an engine that does not answer says nothing of it. */
  boolean holderRuns(String id) {
    return starts.holderRuns(id);
  }

  /** Starts the container that stands by for this attempt; its Run follows. */
  void startAhead(PodCommand.Run c) {
    make(() -> starts.startAhead(c));
  }

  /** Some time after a start the next attempt's container is made, to stand by. */
  private void standBy(PodCommand.Watch c) {
    later(
        STAND_BY_MILLIS,
        () -> {
          context.holders().awaitCalm(STAND_BY_MILLIS_MAX);
          boolean same =
              actor
                  .state()
                  .container(c.container())
                  .filter(s -> s.attempt() == c.attempt())
                  .filter(s -> s.ready() && !s.init())
                  .isPresent();
          if (same && actor.state().restartPolicy().equals("Always")) {
            make(() -> starts.standBy(c.container(), c.attempt() + 1));
          }
        });
  }

  private void makeSandbox(PodCommand.MakeSandbox c) {
    context.holders().starts(names.uid());
    try {
      if (c.attempt() > 0) {
        context.engine().removeContainer(names.holder(c.attempt() - 1));
      }
      // After a restart there may be containers already, joined to a holder of the pod's own.
      Optional<HolderPool.Spare> spare = starts.resumed() ? Optional.empty() : starts.spareHolder();
      HolderPool.Spare holder =
          spare.isPresent() ? prepared(spare.get(), c.attempt()) : ownHolder(c.attempt());
      actor.tell(new PodEvent.SandboxUp(c.attempt(), holder.id(), holder.address()));
      if (!holdsNetwork(holder.id())) {
        context.holders().discard(holder.id());
      }
    } catch (EsteiraException e) {
      context.ground().forget();
      actor.tell(new PodEvent.SandboxFailed(c.attempt(), e.text()));
    }
  }

  private boolean holdsNetwork(String id) {
    return actor.state().sandbox() instanceof PodState.Sandbox.Up up && up.id().equals(id);
  }

  private HolderPool.Spare prepared(HolderPool.Spare spare, int attempt) {
    aheadOf(attempt, spare.id());
    return spare;
  }

  private void aheadOf(int attempt, String holder) {
    if (attempt == 0) {
      // The programs' containers are made while the holder starts, or is recorded.
      Thread.ofVirtual().start(() -> make(() -> starts.ahead(holder)));
    }
  }

  /** A holder with the pod's own name, made now. */
  private HolderPool.Spare ownHolder(int attempt) {
    String network = context.ground().network();
    PodDns dns = PodDns.of(actor.pod(), context.networks().houseAddress());
    String image = context.ground().image();
    ObjectNode config = Holder.config(image, names, starts.hostName(), network, dns, attempt);
    String id = context.engine().createContainer(names.holder(attempt), config);
    aheadOf(attempt, id);
    context.engine().startContainer(id);
    String address =
        context
            .engine()
            .inspectContainer(id)
            .map(i -> i.path("NetworkSettings").path("Networks").path(network))
            .map(n -> n.path("IPAddress").asText(""))
            .orElse("");
    if (address.isEmpty()) {
      throw EsteiraException.unavailable("the engine gave the pod no address", null);
    }
    return new HolderPool.Spare(id, address);
  }

  private void removeSandbox(int attempt) {
    context.engine().removeContainer(names.holder(attempt));
    discardHolder();
  }

  /** A holder that was made for nobody is not found by the pod's labels. */
  private void discardHolder() {
    if (actor.state().sandbox() instanceof PodState.Sandbox.Up up) {
      context.holders().discard(up.id());
    }
    context.holders().started(names.uid());
  }

  private void watchSandbox(PodCommand.WatchSandbox c) throws InterruptedException {
    try {
      var _ = context.engine().waitContainer(c.id());
    } catch (EsteiraException e) {
      if (e.code() != dev.esteira.base.ErrorCode.NOT_FOUND) {
        throw e;
      }
    }
    if (!closed) {
      actor.tell(new PodEvent.SandboxGone(c.attempt()));
      context.holders().discard(c.id());
    }
  }

  private void ensureImage(PodCommand.EnsureImage c) {
    JsonNode container = PodSpecs.spec(actor.pod(), c.container());
    String image = container.path("image").asText("");
    String fieldPath = actor.state().container(c.container()).map(PodSpecs::fieldPath).orElse("");
    Instant begun = context.clock().instant();
    try {
      ImageSource.Present present = context.images().ensure(starts.wanted(container));
      Duration took = Duration.between(begun, context.clock().instant());
      String message =
          present.pulled()
              ? "Successfully pulled image \"" + image + "\" in " + took.toMillis() + "ms"
              : "Container image \"" + image + "\" already present on machine";
      actor.event(ClusterEvents.Type.NORMAL, fieldPath, "Pulled", message);
      actor.tell(
          new PodEvent.ImageReady(c.container(), c.attempt(), present.id(), present.digest()));
    } catch (ImageSource.Missing e) {
      actor.tell(
          new PodEvent.ImageFailed(c.container(), c.attempt(), e.reason(), e.text(), e.again()));
    } catch (ApiException e) {
      actor.tell(
          new PodEvent.ImageFailed(c.container(), c.attempt(), "ErrImagePull", e.text(), true));
    }
  }

  private void watch(PodCommand.Watch c) throws InterruptedException {
    JsonNode container = PodSpecs.spec(actor.pod(), c.container());
    ContainerWatch watch = new ContainerWatch(context, actor, container, c);
    ContainerWatch old = watches.put(c.container(), watch);
    if (old != null) {
      old.close();
    }
    standBy(c);
    try {
      Optional<PodEvent> end = watch.await();
      if (!closed) {
        end.ifPresent(actor::tell);
      }
    } finally {
      watch.close();
      watches.remove(c.container(), watch);
    }
  }

  private void stop(PodCommand.Stop c) {
    ContainerWatch watch = watches.get(c.container());
    if (watch != null) {
      watch.stopProbing();
    }
    if (actor.state().stage() == PodState.Stage.ALIVE) {
      context.traffic().drain(names.uid(), UNHEALTHY_DRAIN_MILLIS);
    }
    JsonNode container = PodSpecs.spec(actor.pod(), c.container());
    Instant begun = context.clock().instant();
    new PreStop(context, actor).run(container, c);
    long used = Duration.between(begun, context.clock().instant()).toSeconds();
    context.engine().stopContainer(c.id(), (int) Math.max(2, c.graceSeconds() - used));
  }

  /** The pod is not ready any more but lives: requests under way are let go on. */
  void retire() {
    Thread.ofVirtual()
        .name("retire-" + names.pod())
        .start(() -> context.traffic().drain(names.uid(), RETIRE_MILLIS));
  }

  private void remove() {
    watches.values().forEach(ContainerWatch::close);
    making.writeLock().lock();
    try {
      removed = true;
    } finally {
      making.writeLock().unlock();
    }
    context.traffic().drop(names.uid());
    if (!actor.state().mayRun()) {
      // Only rests are left of it: those that start now have the machine first.
      context.holders().awaitCalm(REMOVE_MILLIS_MAX);
    }
    context.engine().containers(names.selector()).parallelStream()
        .forEach(c -> context.engine().removeContainer(c.path("Id").asText()));
    discardHolder();
    PodVolumes.remove(context.home().pod(names.uid()));
    actor.tell(new PodEvent.Removed());
  }

  private void wakeAt(Instant at) {
    long millis = Math.max(0, Duration.between(context.clock().instant(), at).toMillis() + 1);
    later(millis, () -> actor.insist(new PodEvent.Tick()));
  }

  private void later(long millis, Runnable work) {
    try {
      var _ =
          context
              .timer()
              .schedule(() -> Thread.ofVirtual().start(work), millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.log(Level.FINE, "the timer is closed", e);
    }
  }

  /** Stops watching; what runs goes on running. */
  void close() {
    closed = true;
    watches.values().forEach(ContainerWatch::close);
    threads.forEach(Thread::interrupt);
  }
}
