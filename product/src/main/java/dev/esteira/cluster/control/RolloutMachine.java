package dev.esteira.cluster.control;

import dev.esteira.store.Machine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Decides how a Deployment moves from its old ReplicaSets to its current one. Pure; the state that
 * it needs between steps is what the Deployment's status says.
 *
 * <pre>
 *            template changed                  all current, all available
 *   COMPLETE ----------------> PROGRESSING --------------------------------> COMPLETE
 *                                |      ^
 *      no progress for the deadline     | any progress
 *                                v      |
 *                               TIMED_OUT          PAUSED: spec.paused, nothing rolls, only scales
 * </pre>
 *
 * <p>During a rolling update the wanted pods are never more than {@code replicas + maxSurge}, and
 * old ones go only while {@code replicas - maxUnavailable} available ones remain. Follows the
 * Deployment of Kubernetes apps/v1.
 */
final class RolloutMachine
    implements Machine<RolloutMachine.State, RolloutMachine.Observed, RolloutMachine.Command> {

  enum Progress {
    PROGRESSING,
    COMPLETE,
    TIMED_OUT,
    PAUSED
  }

  /**
   * What is remembered between steps.
   *
   * @param current the name of the ReplicaSet rolled to, empty before the first
   * @param counts as of the last step, to see progress
   */
  record State(Progress progress, String current, Instant lastProgress, Counts counts) {
    static State initial(Instant now) {
      return new State(Progress.PROGRESSING, "", now, Counts.NONE);
    }
  }

  /** Sums over the ReplicaSets; the numbers of a Deployment's status. */
  record Counts(int replicas, int updated, int ready, int available) {
    static final Counts NONE = new Counts(0, 0, 0, 0);

    int old() {
      return replicas - updated;
    }
  }

  /** The part of a Deployment's spec that decides. Percentages are resolved. */
  record Spec(
      int replicas,
      boolean recreate,
      int maxSurge,
      int maxUnavailable,
      int progressDeadlineSeconds,
      boolean paused,
      int revisionHistoryLimit) {}

  /**
   * A ReplicaSet of the Deployment.
   *
   * @param current whether its template is the Deployment's
   * @param wanted its spec.replicas
   * @param pods its pods that are not on their way out
   * @param terminating its pods that are
   */
  record SetView(
      String name,
      long revision,
      boolean current,
      int wanted,
      int pods,
      int terminating,
      int ready,
      int available) {}

  /** What is there now: the event of this machine. */
  record Observed(Spec spec, List<SetView> sets) {
    Observed {
      sets = List.copyOf(sets);
    }

    Optional<SetView> current() {
      return sets.stream().filter(SetView::current).findFirst();
    }

    /** Old sets, oldest revision first. */
    List<SetView> old() {
      Optional<SetView> current = current();
      return sets.stream()
          .filter(s -> current.isEmpty() || !s.name().equals(current.get().name()))
          .sorted(Comparator.comparingLong(SetView::revision).thenComparing(SetView::name))
          .toList();
    }

    int wanted() {
      return sets.stream().mapToInt(SetView::wanted).sum();
    }

    Counts counts() {
      int updated = current().map(SetView::pods).orElse(0);
      return new Counts(
          sets.stream().mapToInt(SetView::pods).sum(),
          updated,
          sets.stream().mapToInt(SetView::ready).sum(),
          sets.stream().mapToInt(SetView::available).sum());
    }
  }

  sealed interface Command {}

  /** Make the ReplicaSet of the current template. */
  record Create(int replicas, long revision) implements Command {}

  record Scale(String name, int replicas) implements Command {}

  /** The set is rolled to again: it gets the newest revision. */
  record SetRevision(String name, long revision) implements Command {}

  /** Beyond the history limit. */
  record Delete(String name) implements Command {}

  /** Look again then, when nothing else happened. */
  record CheckAt(Instant at) implements Command {}

  @Override
  public Step<State, Command> step(State state, Observed seen, Instant now) {
    List<Command> commands = new ArrayList<>();
    if (seen.spec().paused()) {
      scalePaused(seen, commands);
      return new Step<>(new State(Progress.PAUSED, state.current(), now, seen.counts()), commands);
    }
    Optional<SetView> current = seen.current();
    if (current.isEmpty()) {
      startRollout(seen, commands);
    } else {
      adoptRevision(seen, current.get(), commands);
      if (seen.spec().recreate()) {
        recreate(seen, current.get(), commands);
      } else {
        roll(seen, current.get(), commands);
      }
    }
    State next = progress(state, seen, now);
    if (next.progress() == Progress.COMPLETE) {
      forgetHistory(seen, commands);
    }
    if (next.progress() == Progress.PROGRESSING && hasDeadline(seen.spec())) {
      commands.add(new CheckAt(deadline(next, seen.spec())));
    }
    return new Step<>(next, commands);
  }

  private static void startRollout(Observed seen, List<Command> commands) {
    Spec spec = seen.spec();
    if (spec.recreate() && !oldGone(seen, commands)) {
      return;
    }
    int room = spec.replicas() + spec.maxSurge() - totalPods(seen);
    int first = spec.recreate() ? spec.replicas() : Math.clamp(room, 0, spec.replicas());
    commands.add(new Create(first, highestRevision(seen.sets()) + 1));
  }

  private static void adoptRevision(Observed seen, SetView current, List<Command> commands) {
    long highestOld = highestRevision(seen.old());
    if (current.revision() <= highestOld) {
      commands.add(new SetRevision(current.name(), highestOld + 1));
    }
  }

  private static void recreate(Observed seen, SetView current, List<Command> commands) {
    if (oldGone(seen, commands) && current.wanted() != seen.spec().replicas()) {
      commands.add(new Scale(current.name(), seen.spec().replicas()));
    }
  }

  /** Whether no pod of an old set is left, terminating ones included; asks for it if not. */
  private static boolean oldGone(Observed seen, List<Command> commands) {
    boolean gone = true;
    for (SetView old : seen.old()) {
      if (old.wanted() > 0) {
        commands.add(new Scale(old.name(), 0));
      }
      gone &= old.wanted() == 0 && old.pods() == 0 && old.terminating() == 0;
    }
    return gone;
  }

  private static void roll(Observed seen, SetView current, List<Command> commands) {
    int replicas = seen.spec().replicas();
    if (current.wanted() > replicas) {
      commands.add(new Scale(current.name(), replicas));
      return;
    }
    int room = replicas + seen.spec().maxSurge() - totalPods(seen);
    int up = Math.min(room, replicas - current.wanted());
    if (up > 0) {
      commands.add(new Scale(current.name(), current.wanted() + up));
      return;
    }
    scaleDownOld(seen, current, commands);
  }

  /** Pods wanted or still there: a set scaled down keeps its place until its pods are going. */
  private static int totalPods(Observed seen) {
    return seen.sets().stream().mapToInt(s -> Math.max(s.wanted(), s.pods())).sum();
  }

  private static void scaleDownOld(Observed seen, SetView current, List<Command> commands) {
    int minAvailable = seen.spec().replicas() - seen.spec().maxUnavailable();
    int currentMissing = current.wanted() - Math.min(current.wanted(), current.available());
    int spare = seen.wanted() - minAvailable - currentMissing;
    if (spare <= 0) {
      return;
    }
    List<SetView> old = seen.old();
    int[] wanted = old.stream().mapToInt(SetView::wanted).toArray();
    for (int i = 0; i < wanted.length && spare > 0; i++) {
      // Unavailable pods serve nobody, so they go first and cost no availability.
      int unhealthy = wanted[i] - Math.min(wanted[i], old.get(i).available());
      int down = Math.min(spare, unhealthy);
      wanted[i] -= down;
      spare -= down;
    }
    int available = Math.min(current.wanted(), current.available());
    for (int i = 0; i < wanted.length; i++) {
      available += Math.min(wanted[i], old.get(i).available());
    }
    int surplus = available - minAvailable;
    for (int i = 0; i < wanted.length && surplus > 0; i++) {
      int down = Math.min(surplus, wanted[i]);
      wanted[i] -= down;
      surplus -= down;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i] != old.get(i).wanted()) {
        commands.add(new Scale(old.get(i).name(), wanted[i]));
      }
    }
  }

  /** While paused only the number of replicas is followed, on the newest set that has pods. */
  private static void scalePaused(Observed seen, List<Command> commands) {
    int surplus = seen.wanted() - seen.spec().replicas();
    seen.sets().stream()
        .filter(s -> s.wanted() > 0 || s.current())
        .max(Comparator.comparingLong(SetView::revision))
        .filter(newest -> surplus != 0 && Math.max(0, newest.wanted() - surplus) != newest.wanted())
        .ifPresent(newest ->
            commands.add(new Scale(newest.name(), Math.max(0, newest.wanted() - surplus))));
  }

  private static State progress(State state, Observed seen, Instant now) {
    Counts counts = seen.counts();
    String current = seen.current().map(SetView::name).orElse("");
    boolean moved =
        !current.equals(state.current())
            || state.progress() == Progress.PAUSED
            || counts.updated() > state.counts().updated()
            || counts.old() < state.counts().old()
            || counts.ready() > state.counts().ready()
            || counts.available() > state.counts().available();
    Instant last = moved ? now : state.lastProgress();
    Progress progress = Progress.PROGRESSING;
    if (complete(seen, counts)) {
      progress = Progress.COMPLETE;
    } else if (state.progress() == Progress.COMPLETE && current.equals(state.current())) {
      // A finished rollout that loses a pod is less available, not in progress again.
      progress = Progress.COMPLETE;
    } else if (!moved && state.progress() == Progress.TIMED_OUT) {
      progress = Progress.TIMED_OUT;
    } else if (hasDeadline(seen.spec())
        && now.isAfter(last.plusSeconds(seen.spec().progressDeadlineSeconds()))) {
      progress = Progress.TIMED_OUT;
    }
    return new State(progress, current, last, counts);
  }

  private static boolean complete(Observed seen, Counts counts) {
    int replicas = seen.spec().replicas();
    return seen.current().isPresent()
        && counts.updated() == replicas
        && counts.replicas() == replicas
        && counts.available() >= replicas
        && seen.current().get().wanted() == replicas;
  }

  private static void forgetHistory(Observed seen, List<Command> commands) {
    List<SetView> idle =
        seen.old().stream()
            .filter(s -> s.wanted() == 0 && s.pods() == 0 && s.terminating() == 0)
            .toList();
    idle.stream()
        .limit(Math.max(0, idle.size() - seen.spec().revisionHistoryLimit()))
        .forEach(s -> commands.add(new Delete(s.name())));
  }

  private static boolean hasDeadline(Spec spec) {
    return spec.progressDeadlineSeconds() < Integer.MAX_VALUE;
  }

  private static Instant deadline(State state, Spec spec) {
    return state.lastProgress().plusSeconds(spec.progressDeadlineSeconds()).plusMillis(10);
  }

  private static long highestRevision(List<SetView> sets) {
    return sets.stream().mapToLong(SetView::revision).max().orElse(0);
  }
}
