package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.cluster.ApiException;
import dev.esteira.cluster.ClusterEvents;
import dev.esteira.cluster.Deletion;
import dev.esteira.cluster.Kind;
import dev.esteira.cluster.control.PodState.Stage;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Hosts one pod's machine: each event is decided, recorded in the ledger, and only then acted upon;
 * the object's status follows. Thread-safe; events are taken one at a time.
 */
final class PodActor {
  static final String LEDGER_KIND = "podstate";
  private static final Logger LOG = Logger.getLogger(PodActor.class.getName());
  private static final int INSIST_TRIES_MAX = 240;
  private static final long INSIST_MILLIS = 500;
  private static final PodMachine MACHINE = new PodMachine();

  /** What the ledger keeps of a pod. */
  record Stored(String namespace, String name, PodState state) {}

  private final PodContext context;
  private final PodHands hands;
  private final String uid;
  private final Runnable forgotten;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile ObjectNode pod;
  private volatile PodState state;
  private volatile boolean closed;
  private boolean objectGone;

  PodActor(
      PodContext context, ObjectNode pod, PodState state, boolean resumed, Runnable forgotten) {
    this.context = context;
    this.pod = pod;
    this.state = state;
    this.uid = Tree.uid(pod);
    this.forgotten = forgotten;
    this.hands = new PodHands(context, this, resumed);
  }

  ObjectNode pod() {
    return pod;
  }

  PodState state() {
    return state;
  }

  String uid() {
    return uid;
  }

  /** Begins with a new pod. */
  void begin() {
    lock.lock();
    try {
      var step = MACHINE.begin(state, context.clock().instant());
      state = step.state();
      record();
      hands.carryOut(step.commands());
      publish();
    } finally {
      lock.unlock();
    }
  }

  /** Goes on with a pod that was recorded before a restart: asks for all that is outstanding. */
  void resume() {
    lock.lock();
    try {
      if (state.sandbox() instanceof PodState.Sandbox.Up up && !hands.holderRuns(up.id())) {
        // First of all: programs that ended with their network did not crash.
        Instant now = context.clock().instant();
        state = MACHINE.step(state, new PodEvent.SandboxGone(up.attempt()), now).state();
        record();
      }
      if (state.ready()) {
        context.traffic().allow(uid);
      }
      hands.carryOut(PodNeeds.of(state));
      publish();
    } finally {
      lock.unlock();
    }
  }

  /** The object changed: labels, deletion. */
  void changed(ObjectNode now) {
    pod = now;
    if (Tree.deleting(now)) {
      tell(new PodEvent.Delete(now.path("metadata").path("deletionGracePeriodSeconds").asInt(0)));
    }
  }

  /** The object is gone; what runs is stopped. */
  void objectGone() {
    lock.lock();
    try {
      objectGone = true;
    } finally {
      lock.unlock();
    }
    tell(new PodEvent.Delete(0));
  }

  /**
   * The container's process is gone; how it ended is not known yet. Its requests go elsewhere, and
   * when the machine will surely start it again, that start begins now: {@code Run} finds it done.
   */
  void processEnded(PodCommand.Watch watch) {
    PodState seen = state;
    boolean current =
        seen.container(watch.container())
            .filter(c -> c.attempt() == watch.attempt())
            .filter(c -> c.status() instanceof PodState.Status.Running)
            .isPresent();
    if (!current || seen.stage() != Stage.ALIVE) {
      return;
    }
    context.traffic().drop(uid);
    Instant now = context.clock().instant();
    Instant began =
        seen.container(watch.container())
            .map(PodState.Container::status)
            .map(s -> s instanceof PodState.Status.Running r ? r.startedAt() : now)
            .orElse(now);
    // Which code it left matters only to pods that do not always restart.
    PodState.Exit exit = new PodState.Exit(watch.id(), 137, "Error", "", began, now);
    var step =
        MACHINE.step(seen, new PodEvent.Exited(watch.container(), watch.attempt(), exit), now);
    if (seen.restartPolicy().equals("Always")) {
      step.commands().stream()
          .filter(c -> c instanceof PodCommand.Run)
          .map(PodCommand.Run.class::cast)
          .forEach(hands::startAhead);
    }
  }

  /** The same for those who cannot ask again: tries until the ledger takes it. */
  void insist(PodEvent event) {
    for (int tries = 1; tries <= INSIST_TRIES_MAX; tries++) {
      try {
        tell(event);
        return;
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, "could not record " + event + " of " + Tree.key(pod), e);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(INSIST_MILLIS));
      }
    }
  }

  void tell(PodEvent event) {
    lock.lock();
    try {
      PodState before = state;
      // What an interrupted hand says after the end is not what happened.
      if (closed || before.stage() == Stage.GONE) {
        return;
      }
      var step = MACHINE.step(before, event, context.clock().instant());
      if (step.state().equals(before) && step.commands().isEmpty()) {
        return;
      }
      traffic(before, step.state(), event);
      state = step.state();
      record();
      hands.carryOut(step.commands());
      if (before.stage() != Stage.GONE) {
        publish();
        news(before);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ahead of the record: requests must not wait for a disk. */
  private void traffic(PodState before, PodState after, PodEvent event) {
    try {
      tellTraffic(before, after, event);
    } catch (RuntimeException e) {
      // The balancers heal by themselves; the pod's own life goes on.
      LOG.log(Level.WARNING, "the balancers were not told of " + Tree.key(pod), e);
    }
  }

  private void tellTraffic(PodState before, PodState after, PodEvent event) {
    if (!before.ready() && after.ready()) {
      context.traffic().allow(uid);
      context.holders().started(uid);
    } else if (before.ready() && !after.ready()) {
      switch (event) {
        case PodEvent.Exited _, PodEvent.SandboxGone _ -> context.traffic().drop(uid);
        case PodEvent.Delete d when d.graceSeconds() == 0 -> context.traffic().drop(uid);
        case PodEvent.Readiness _, PodEvent.Unhealthy _ -> hands.retire();
        default -> {
          // A deletion with grace drains.
        }
      }
    }
  }

  private void record() {
    String body = Json.write(new Stored(Tree.namespace(pod), Tree.name(pod), state));
    context
        .ledger()
        .write(tx -> {
          tx.put(LEDGER_KIND, uid, body);
          return true;
        });
  }

  private void publish() {
    if (objectGone) {
      return;
    }
    PodState now = state;
    try {
      context
          .objects()
          .apply(
              Kind.POD,
              Tree.namespace(pod),
              Tree.name(pod),
              object -> {
                if (Tree.uid(object).equals(uid)) {
                  object.set(
                      "status",
                      PodStatus.of(
                          now,
                          object,
                          context.networks().houseAddress(),
                          context.clock().instant()));
                }
                return object;
              })
          .filter(o -> Tree.uid(o).equals(uid))
          .ifPresent(o -> pod = o);
    } catch (ApiException e) {
      LOG.log(Level.INFO, "could not write the status of " + Tree.key(pod), e);
    }
  }

  private void news(PodState before) {
    List<PodNews.Item> items = PodNews.between(before, state, pod);
    items.forEach(i ->
        event(
            i.type(), i.container().map(PodSpecs::fieldPath).orElse(""), i.reason(), i.message()));
  }

  void event(ClusterEvents.Type type, String fieldPath, String reason, String message) {
    context.events().tell(type, pod, fieldPath, "kubelet", reason, message);
  }

  /** The end: the object goes, then what we know of it. */
  void forget() {
    if (!objectGone) {
      context
          .objects()
          .delete(Kind.POD, Tree.namespace(pod), Tree.name(pod), Deletion.now().ifUid(uid));
    }
    context.ledger().write(tx -> tx.delete(LEDGER_KIND, uid));
    forgotten.run();
  }

  void close() {
    closed = true;
    hands.close();
  }
}
