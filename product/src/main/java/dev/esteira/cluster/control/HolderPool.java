package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Ids;
import dev.esteira.engine.Engine;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Holders of networks that were made before there was a pod for them: a pod that takes one starts
 * without waiting for the engine to make a network.
 *
 * <pre>
 *   made --> waiting --take--> taken: the pod's recorded state names it --discard--> removed
 * </pre>
 *
 * <p>The ledger alone says whose a holder is. So after a crash those that no pod's state names wait
 * again, whatever was about to happen to them, and none serves two pods. Thread-safe.
 */
final class HolderPool implements AutoCloseable {
  static final int WAITING_MAX = 2;
  private static final Logger LOG = Logger.getLogger(HolderPool.class.getName());

  /** New ones are made when no pod is about to start, or when that lasts longer than this. */
  private static final long STARTS_MILLIS_MAX = 3_000;

  private static final long SETTLE_MILLIS = 100;
  private static final int NAME_LENGTH = 8;

  /** A running holder. */
  record Spare(String id, String address) {}

  private final Engine engine;
  private final PodGround ground;
  private final String home;
  private final ScheduledExecutorService timer;
  private final Deque<String> waiting = new ArrayDeque<>();
  private final Set<String> taken = new HashSet<>();
  private final Set<String> starting = new HashSet<>();
  private String makingName = "";
  private boolean open;
  private long startsEndNanos;

  HolderPool(Engine engine, PodGround ground, String home, ScheduledExecutorService timer) {
    this.engine = engine;
    this.ground = ground;
    this.home = home;
    this.timer = timer;
  }

  /** Finds those of an earlier process. {@code claimed}: the holders that pods' states name. */
  void resume(Set<String> claimed) {
    try {
      for (JsonNode container : engine.containers(PodNames.spares(home))) {
        adopt(container, claimed);
      }
    } catch (EsteiraException e) {
      LOG.log(Level.INFO, "could not look for holders; pods make their own", e);
    }
    synchronized (this) {
      open = true;
    }
    if (!claimed.isEmpty()) {
      refillAfter(STARTS_MILLIS_MAX);
    }
  }

  private void adopt(JsonNode container, Set<String> claimed) {
    String id = container.path("Id").asText();
    boolean runs = container.path("State").asText("").equals("running");
    synchronized (this) {
      if (runs && claimed.contains(id)) {
        taken.add(id);
        return;
      }
      if (runs && waiting.size() < WAITING_MAX) {
        waiting.add(id);
        return;
      }
    }
    // A claimed one that does not run holds nothing any more.
    Thread.ofVirtual().name("holder-pool").start(() -> remove(id));
  }

  /** One, if one waits; it is a pod's once the pod's state says so. */
  Optional<Spare> take() {
    for (String id = next(); !id.isEmpty(); id = next()) {
      Optional<Spare> spare = running(id);
      if (spare.isPresent()) {
        return spare;
      }
      discard(id);
    }
    return Optional.empty();
  }

  private synchronized String next() {
    if (!open || waiting.isEmpty()) {
      return "";
    }
    String id = waiting.remove();
    taken.add(id);
    return id;
  }

  private Optional<Spare> running(String id) {
    try {
      return engine
          .inspectContainer(id)
          .filter(i -> i.path("State").path("Running").asBoolean(false))
          .map(i -> i.path("NetworkSettings").path("Networks").path(ground.network()))
          .map(n -> new Spare(id, n.path("IPAddress").asText("")))
          .filter(s -> !s.address().isEmpty());
    } catch (EsteiraException e) {
      LOG.log(Level.FINE, "could not look at a holder", e);
      return Optional.empty();
    }
  }

  /** Nobody needs it any more, or it is of no use. One that is not of this pool is left alone. */
  void discard(String id) {
    boolean ours;
    synchronized (this) {
      ours = taken.remove(id);
    }
    if (ours) {
      remove(id);
    }
  }

  private void remove(String id) {
    try {
      engine.removeContainer(id);
    } catch (EsteiraException e) {
      LOG.log(Level.INFO, "could not remove a holder; the next sweep tries again", e);
    }
  }

  /** The pod is about to start: what nobody waits for waits. */
  synchronized void starts(String pod) {
    starting.add(pod);
    startsEndNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STARTS_MILLIS_MAX);
    refillAfter(STARTS_MILLIS_MAX);
  }

  /** The pod serves, or never will. */
  synchronized void started(String pod) {
    if (starting.remove(pod) && starting.isEmpty()) {
      refillAfter(SETTLE_MILLIS);
      notifyAll();
    }
  }

  /** For work that nobody waits for: returns when no pod is about to start, or the time is over. */
  synchronized void awaitCalm(long millisMax) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millisMax);
    try {
      while (open && isBusy() && System.nanoTime() < end) {
        wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isBusy() {
    return !starting.isEmpty() && System.nanoTime() < startsEndNanos;
  }

  /** What a crash or a failed removal left; and all, once the cluster has no pods. */
  void sweep(boolean anyPods) {
    if (!anyPods) {
      emptyOut();
    }
    for (JsonNode container : engine.containers(PodNames.spares(home))) {
      String id = container.path("Id").asText();
      String name = container.path("Names").path(0).asText("").replaceFirst("^/", "");
      boolean known;
      synchronized (this) {
        known = !open || waiting.contains(id) || taken.contains(id) || name.equals(makingName);
      }
      if (!known) {
        remove(id);
      }
    }
  }

  private synchronized void emptyOut() {
    taken.addAll(waiting);
    waiting.forEach(id -> Thread.ofVirtual().name("holder-pool").start(() -> discard(id)));
    waiting.clear();
  }

  private void refillAfter(long millis) {
    try {
      var _ =
          timer.schedule(
              () -> Thread.ofVirtual().name("holder-pool").start(this::refill),
              millis,
              TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.log(Level.FINE, "the timer is closed", e);
    }
  }

  private void refill() {
    for (String name = nextName(); !name.isEmpty(); name = nextName()) {
      boolean made = false;
      try {
        made = make(name);
      } catch (EsteiraException e) {
        ground.forget();
        LOG.log(Level.FINE, "could not make a holder ahead of time", e);
      } finally {
        synchronized (this) {
          makingName = "";
        }
      }
      if (!made) {
        return;
      }
    }
  }

  /** The name of the holder to make now; empty when none is to be made. */
  private synchronized String nextName() {
    if (!open || isBusy() || !makingName.isEmpty() || waiting.size() >= WAITING_MAX) {
      return "";
    }
    starting.clear();
    makingName = PodNames.spare(home, Ids.random(NAME_LENGTH));
    return makingName;
  }

  private boolean make(String name) {
    if (!ground.namesHosts()) {
      return false;
    }
    String network = ground.network();
    String id = engine.createContainer(name, Holder.spare(ground.image(), home, network));
    engine.startContainer(id);
    synchronized (this) {
      if (open) {
        waiting.add(id);
      }
    }
    return true;
  }

  /** Makes no more; those that wait are found again. */
  @Override
  public synchronized void close() {
    open = false;
    notifyAll();
  }
}
