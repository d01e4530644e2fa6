package dev.esteira.cluster.control;

import dev.esteira.cluster.control.PodState.Container;
import dev.esteira.cluster.control.PodState.Exit;
import dev.esteira.cluster.control.PodState.Sandbox;
import dev.esteira.cluster.control.PodState.Stage;
import dev.esteira.cluster.control.PodState.Status;
import dev.esteira.store.Machine;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides what happens to one pod: its network, its images, its containers, their restarts and its
 * end. Pure. Commands are what the new state needs ({@link PodNeeds}) and the old one did not.
 */
final class PodMachine implements Machine<PodState, PodEvent, PodCommand> {
  /** A time that does not come. */
  static final Instant NEVER = Instant.parse("9999-12-31T00:00:00Z");

  private static final Duration BACK_OFF_FIRST = Duration.ofSeconds(10);
  private static final Duration BACK_OFF_MAX = Duration.ofMinutes(5);

  /** How long the failure itself is shown before the back-off's reason. */
  private static final Duration SHOWN = Duration.ofSeconds(2);

  /** A missing ConfigMap or Secret is looked for again after this. */
  private static final Duration CONFIGURATION_RETRY = Duration.ofSeconds(2);

  /** Running this long ends a row of crashes; so does a shorter time if it had become ready. */
  private static final Duration STABLE = Duration.ofMinutes(10);

  private static final Duration STABLE_WHEN_READY = Duration.ofSeconds(10);

  /** Why a container is stopped whose network is gone. */
  private static final String NETWORK_LOST = "SandboxChanged";

  @Override
  public Step<PodState, PodCommand> step(PodState state, PodEvent event, Instant now) {
    PodState next = advance(apply(state, event, now), now);
    Set<PodCommand> commands = new LinkedHashSet<>(PodNeeds.of(next));
    commands.removeAll(PodNeeds.of(state));
    return new Step<>(next, List.copyOf(commands));
  }

  /** The first step of a new pod: what it needs at once. */
  Step<PodState, PodCommand> begin(PodState state, Instant now) {
    PodState next = advance(state, now);
    return new Step<>(next, PodNeeds.of(next));
  }

  private static PodState apply(PodState state, PodEvent event, Instant now) {
    return switch (event) {
      case PodEvent.SandboxUp e ->
          state.sandbox() instanceof Sandbox.Making m && m.attempt() == e.attempt()
              ? state.with(new Sandbox.Up(e.attempt(), e.id(), e.address()))
              : state;
      case PodEvent.SandboxFailed e ->
          state.sandbox() instanceof Sandbox.Making m && m.attempt() == e.attempt()
              ? state.with(
                  new Sandbox.Failed(m.attempt(), e.message(), now.plus(CONFIGURATION_RETRY)))
              : state;
      case PodEvent.SandboxGone e -> sandboxGone(state, e.attempt());
      case PodEvent.ImageReady e -> on(state, e.container(), e.attempt(), c -> imageReady(c, e));
      case PodEvent.ImageFailed e ->
          on(state, e.container(), e.attempt(), c -> imageFailed(c, e, now));
      case PodEvent.Started e -> on(state, e.container(), e.attempt(), c -> started(state, c, e));
      case PodEvent.StartFailed e ->
          on(state, e.container(), e.attempt(), c -> startFailed(state, c, e, now));
      case PodEvent.Exited e ->
          on(state, e.container(), e.attempt(), c -> exited(state, c, e.exit(), now));
      case PodEvent.StartupPassed e ->
          on(state, e.container(), e.attempt(), PodMachine::startupPassed);
      case PodEvent.Readiness e ->
          on(state, e.container(), e.attempt(), c -> readiness(c, e.ready()));
      case PodEvent.Unhealthy e -> on(state, e.container(), e.attempt(), c -> unhealthy(c, e));
      case PodEvent.Delete e -> delete(state, e.graceSeconds());
      case PodEvent.Drained _ ->
          state.stage() == Stage.DRAINING ? state.with(Stage.STOPPING) : state;
      case PodEvent.Removed _ -> state.stage() == Stage.REMOVING ? state.with(Stage.GONE) : state;
      case PodEvent.Tick _ -> state;
      case PodEvent.ImagesChanged _ -> retryPulls(state, now);
    };
  }

  private interface Change {
    Container of(Container container);
  }

  /** Changes the container when the event is of its present attempt. */
  private static PodState on(PodState state, String name, int attempt, Change change) {
    Optional<Container> found = state.container(name).filter(c -> c.attempt() == attempt);
    return found.map(c -> state.with(change.of(c))).orElse(state);
  }

  private static PodState sandboxGone(PodState state, int attempt) {
    if (!(state.sandbox() instanceof Sandbox.Up up) || up.attempt() != attempt) {
      return state;
    }
    PodState next = state.with(new Sandbox.Lost(attempt));
    for (Container c : state.containers()) {
      if (c.status() instanceof Status.Running r) {
        next = next.with(c.with(new Status.Stopping(r.id(), r.startedAt(), NETWORK_LOST)));
      }
    }
    return next;
  }

  private static Container imageReady(Container c, PodEvent.ImageReady e) {
    return c.status() instanceof Status.Pulling
        ? c.withImage(e.imageId(), e.digest()).with(new Status.Starting())
        : c;
  }

  private static Container imageFailed(Container c, PodEvent.ImageFailed e, Instant now) {
    if (!(c.status() instanceof Status.Pulling)) {
      return c;
    }
    int tries = c.pulls() + 1;
    Instant retry = e.again() ? now.plus(backOff(tries)) : NEVER;
    Instant shown = e.again() ? now.plus(SHOWN) : NEVER;
    return c.withPulls(tries)
        .with(new Status.Waiting(e.reason(), e.message(), tries, shown, retry, true));
  }

  private static Container started(PodState state, Container c, PodEvent.Started e) {
    if (!(c.status() instanceof Status.Starting)) {
      return c;
    }
    if (!(state.sandbox() instanceof Sandbox.Up) && state.stage() == Stage.ALIVE) {
      return c.with(new Status.Stopping(e.id(), e.at(), NETWORK_LOST));
    }
    boolean up = !c.startup();
    return c.with(new Status.Running(e.id(), e.at(), up, up && !c.checked()));
  }

  private static Container startFailed(
      PodState state, Container c, PodEvent.StartFailed e, Instant now) {
    if (!(c.status() instanceof Status.Starting)) {
      return c;
    }
    if (e.configuration()) {
      return c.with(
          new Status.Waiting(
              e.reason(), e.message(), 0, NEVER, now.plus(CONFIGURATION_RETRY), false));
    }
    Exit exit = new Exit("", 128, "StartError", e.message(), now, now);
    return ended(state, c, exit, now, e.reason());
  }

  private static Container exited(PodState state, Container c, Exit exit, Instant now) {
    if (!c.live() && !(c.status() instanceof Status.Starting)) {
      return c;
    }
    return ended(state, c, exit, now, "");
  }

  /** The end of an attempt: for good, or with another one at once or after the back-off. */
  private static Container ended(
      PodState state, Container c, Exit exit, Instant now, String failedStart) {
    boolean lostNetwork = state.sandbox() instanceof Sandbox.Lost;
    boolean ending = state.stage() != Stage.ALIVE;
    if (ending || (!lostNetwork && !restarts(state, c, exit))) {
      return c.with(new Status.Exited(exit));
    }
    if (lostNetwork || stoppedForNetwork(c)) {
      return c.again(new Status.Starting(), 0, exit);
    }
    int crashes = stable(c, exit) ? 1 : c.crashes() + 1;
    if (crashes == 1 && failedStart.isEmpty()) {
      return c.again(new Status.Starting(), 1, exit);
    }
    Duration wait = backOff(failedStart.isEmpty() ? crashes - 1 : crashes);
    String reason = failedStart.isEmpty() ? "CrashLoopBackOff" : failedStart;
    String message = failedStart.isEmpty() ? backOffMessage(c, wait) : exit.message();
    Instant shown = failedStart.isEmpty() ? NEVER : now.plus(SHOWN);
    return c.again(
        new Status.Waiting(reason, message, crashes, shown, now.plus(wait), false), crashes, exit);
  }

  private static boolean stoppedForNetwork(Container c) {
    return c.status() instanceof Status.Stopping s && s.why().equals(NETWORK_LOST);
  }

  private static String backOffMessage(Container c, Duration wait) {
    return "back-off " + wait.toSeconds() + "s restarting failed container=" + c.name();
  }

  private static boolean restarts(PodState state, Container c, Exit exit) {
    return switch (state.restartPolicy()) {
      case "Never" -> false;
      case "OnFailure" -> exit.code() != 0;
      default -> !c.init() || exit.code() != 0;
    };
  }

  private static boolean stable(Container c, Exit exit) {
    Duration ran = Duration.between(exit.startedAt(), exit.finishedAt());
    return ran.compareTo(c.ready() ? STABLE_WHEN_READY : STABLE) >= 0;
  }

  private static Container startupPassed(Container c) {
    return c.status() instanceof Status.Running r && !r.started()
        ? c.with(new Status.Running(r.id(), r.startedAt(), true, !c.checked()))
        : c;
  }

  private static Container readiness(Container c, boolean ready) {
    return c.status() instanceof Status.Running r && r.started() && r.ready() != ready
        ? c.with(new Status.Running(r.id(), r.startedAt(), true, ready))
        : c;
  }

  private static Container unhealthy(Container c, PodEvent.Unhealthy e) {
    return c.status() instanceof Status.Running r
        ? c.with(new Status.Stopping(r.id(), r.startedAt(), e.why()))
        : c;
  }

  private static PodState delete(PodState state, int graceSeconds) {
    boolean begun = state.stage() != Stage.ALIVE && state.stage() != Stage.FINISHED;
    int grace = begun ? Math.min(graceSeconds, state.graceSeconds()) : graceSeconds;
    PodState next = state.withGrace(grace);
    if (grace == 0 && state.stage() != Stage.GONE) {
      return next.with(Stage.REMOVING);
    }
    if (begun) {
      return next;
    }
    return next.with(state.stage() == Stage.FINISHED ? Stage.REMOVING : Stage.DRAINING);
  }

  private static PodState retryPulls(PodState state, Instant now) {
    PodState next = state;
    for (Container c : state.containers()) {
      if (c.status() instanceof Status.Waiting w && w.pull()) {
        next = next.with(c.with(retryAt(w, now)));
      }
    }
    return next;
  }

  private static Status.Waiting retryAt(Status.Waiting w, Instant at) {
    return new Status.Waiting(w.reason(), w.message(), w.tries(), w.shownUntil(), at, w.pull());
  }

  /** Moves on whatever can: the next init container, retries that are due, the end of the pod. */
  private static PodState advance(PodState state, Instant now) {
    return switch (state.stage()) {
      case ALIVE -> advanceAlive(state, now);
      case STOPPING -> state.mayRun() ? state : state.with(Stage.REMOVING);
      case DRAINING -> state.mayRun() ? state : state.with(Stage.REMOVING);
      case FINISHED, REMOVING, GONE -> state;
    };
  }

  private static PodState advanceAlive(PodState state, Instant now) {
    PodState next = retrySandbox(state, now);
    for (Container c : next.containers()) {
      if (c.status() instanceof Status.Waiting w) {
        next = next.with(c.with(dueOrShown(c, w, now)));
      }
    }
    boolean before = true;
    for (Container c : next.inits()) {
      if (before && c.status() instanceof Status.Idle) {
        next = next.with(c.with(new Status.Pulling()));
      }
      before &= c.status() instanceof Status.Exited e && e.exit().code() == 0;
    }
    if (before) {
      for (Container c : next.mains()) {
        if (c.status() instanceof Status.Idle) {
          next = next.with(c.with(new Status.Pulling()));
        }
      }
    }
    String phase = next.phase();
    boolean over = phase.equals("Succeeded") || phase.equals("Failed");
    return over && !next.mayRun() ? next.with(Stage.FINISHED) : next;
  }

  private static PodState retrySandbox(PodState state, Instant now) {
    return switch (state.sandbox()) {
      case Sandbox.Failed f when !now.isBefore(f.retryAt()) ->
          state.with(new Sandbox.Making(f.attempt() + 1));
      case Sandbox.Lost l when state.containers().stream().noneMatch(Container::live) ->
          state.with(new Sandbox.Making(l.attempt() + 1));
      case Sandbox.Failed _, Sandbox.Lost _, Sandbox.Making _, Sandbox.Up _ -> state;
    };
  }

  private static Status dueOrShown(Container c, Status.Waiting w, Instant now) {
    if (!now.isBefore(w.retryAt())) {
      return w.pull() ? new Status.Pulling() : new Status.Starting();
    }
    if (!now.isBefore(w.shownUntil())) {
      String reason = w.pull() ? "ImagePullBackOff" : "CrashLoopBackOff";
      String message = w.pull() ? w.message() : backOffMessage(c, backOff(w.tries()));
      return new Status.Waiting(reason, message, w.tries(), NEVER, w.retryAt(), w.pull());
    }
    return w;
  }

  /** 10 s, doubled with every failure in a row, at most 300 s. */
  static Duration backOff(int failures) {
    long seconds = BACK_OFF_FIRST.toSeconds() << Math.clamp(failures - 1, 0, 5);
    return Duration.ofSeconds(Math.min(seconds, BACK_OFF_MAX.toSeconds()));
  }
}
