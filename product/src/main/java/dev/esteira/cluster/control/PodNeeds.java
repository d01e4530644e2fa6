package dev.esteira.cluster.control;

import dev.esteira.cluster.control.PodState.Container;
import dev.esteira.cluster.control.PodState.Sandbox;
import dev.esteira.cluster.control.PodState.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a pod's state needs done, by commands that may be carried out twice. Pure. */
final class PodNeeds {
  /** Requests under way get at most this long before SIGTERM. */
  private static final int DRAIN_MILLIS_MAX = 15_000;

  private PodNeeds() {}

  /** Everything that this state waits for from hands. */
  static List<PodCommand> of(PodState state) {
    List<PodCommand> all = new ArrayList<>();
    switch (state.stage()) {
      case ALIVE -> {
        sandboxCommands(state, all);
        state.containers().forEach(c -> containerCommands(state, c, all));
        nextTimer(state).ifPresent(at -> all.add(new PodCommand.WakeAt(at)));
      }
      case FINISHED -> all.add(new PodCommand.RemoveSandbox(state.sandbox().attempt()));
      case DRAINING -> {
        all.add(new PodCommand.Drain(drainMillis(state)));
        state.containers().forEach(c -> containerCommands(state, c, all));
      }
      case STOPPING -> stopCommands(state, all);
      case REMOVING -> all.add(new PodCommand.Remove());
      case GONE -> all.add(new PodCommand.Forget());
    }
    return all;
  }

  /** Half of the grace is for requests under way, the rest for the program after SIGTERM. */
  private static int drainMillis(PodState state) {
    return (int) Math.min(DRAIN_MILLIS_MAX, state.graceSeconds() * 500L);
  }

  private static void sandboxCommands(PodState state, List<PodCommand> all) {
    switch (state.sandbox()) {
      case Sandbox.Making m -> all.add(new PodCommand.MakeSandbox(m.attempt()));
      case Sandbox.Up up -> all.add(new PodCommand.WatchSandbox(up.attempt(), up.id()));
      case Sandbox.Failed _, Sandbox.Lost _ -> {
        // Nothing to ask: time, or the end of the containers, moves these on.
      }
    }
  }

  private static void containerCommands(PodState state, Container c, List<PodCommand> all) {
    switch (c.status()) {
      case Status.Pulling _ ->
          all.add(new PodCommand.EnsureImage(c.name(), c.attempt(), c.pulls()));
      case Status.Starting _ -> {
        if (state.sandbox() instanceof Sandbox.Up up) {
          all.add(new PodCommand.Run(c.name(), c.attempt(), c.imageId(), up.id()));
        }
      }
      case Status.Running r -> all.add(new PodCommand.Watch(c.name(), c.attempt(), r.id()));
      case Status.Stopping s -> {
        all.add(new PodCommand.Watch(c.name(), c.attempt(), s.id()));
        all.add(new PodCommand.Stop(c.name(), c.attempt(), s.id(), 30));
      }
      case Status.Idle _, Status.Waiting _, Status.Exited _ -> {
        // Nothing to ask of hands.
      }
    }
  }

  private static void stopCommands(PodState state, List<PodCommand> all) {
    int seconds = Math.max(2, state.graceSeconds() - drainMillis(state) / 1000);
    for (Container c : state.containers()) {
      containerCommands(state, c, all);
      if (c.status() instanceof Status.Running r) {
        all.add(new PodCommand.Stop(c.name(), c.attempt(), r.id(), seconds));
      }
    }
  }

  private static Optional<Instant> nextTimer(PodState state) {
    List<Instant> times = new ArrayList<>();
    if (state.sandbox() instanceof Sandbox.Failed f) {
      times.add(f.retryAt());
    }
    for (Container c : state.containers()) {
      if (c.status() instanceof Status.Waiting w) {
        times.add(w.shownUntil());
        times.add(w.retryAt());
      }
    }
    return times.stream().min(Instant::compareTo).filter(at -> !at.equals(PodMachine.NEVER));
  }
}
