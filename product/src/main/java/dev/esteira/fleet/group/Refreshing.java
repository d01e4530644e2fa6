package dev.esteira.fleet.group;

import dev.esteira.base.EsteiraException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Instance refreshes: members are replaced a few at a time, so that the healthy part stays above a
 * minimum. With a minimum of 100 percent, or a maximum above, replacements start first; otherwise
 * the old go first.
 */
final class Refreshing {
  private static final int REFRESHES_KEPT = 20;
  private static final int FAILURES_BEFORE_ROLLBACK = 3;
  private static final int FAILURES_MAX = 10;

  private Refreshing() {}

  static Optional<Refresh> open(Draft draft) {
    return draft.refreshes.isEmpty()
        ? Optional.empty()
        : Optional.of(draft.refreshes.getLast()).filter(refresh -> refresh.status().open());
  }

  private static Refresh change(Draft draft, UnaryOperator<Refresh> how) {
    Refresh next = how.apply(draft.refreshes.getLast());
    draft.refreshes.set(draft.refreshes.size() - 1, next);
    return next;
  }

  static void start(Draft draft, GroupRequest.StartRefresh request) {
    if (open(draft).isPresent()) {
      throw EsteiraException.conflict(
          "An Instance Refresh is already in progress and blocks the execution of this Instance"
              + " Refresh.");
    }
    LaunchSource before = draft.settings.source();
    request
        .source()
        .ifPresent(source -> draft.settings = draft.settings.with(GroupChange.source(source)));
    List<String> old = old(draft, request.preferences().skipMatching());
    draft.refreshes.add(
        new Refresh(
            request.id(),
            Refresh.Status.IN_PROGRESS,
            "",
            draft.now,
            Optional.empty(),
            request.preferences(),
            request.source(),
            before,
            old.size(),
            old,
            Optional.empty(),
            0));
    if (draft.refreshes.size() > REFRESHES_KEPT) {
      draft.refreshes.removeFirst();
    }
    draft.failures = 0;
    draft.launchAfter = Optional.empty();
  }

  private static List<String> old(Draft draft, boolean skipMatching) {
    return draft.members().stream()
        .filter(m -> m.lifecycle().counts() && m.instanceId().isPresent())
        .filter(m ->
            !skipMatching || !TerminationPolicy.matches(draft.settings.source(), m.made().with()))
        .map(Member::id)
        .toList();
  }

  static void cancel(Draft draft) {
    require(draft);
    change(draft, refresh -> refresh.now(Refresh.Status.CANCELLING, "Cancelled by a request."));
    restore(draft);
    stay(draft);
  }

  /** Refuses when nothing goes on. */
  private static void require(Draft draft) {
    if (open(draft).isEmpty()) {
      throw EsteiraException.notFound(
          "No in progress or pending Instance Refresh found for Auto Scaling group "
              + draft.settings.name());
    }
  }

  /** What launches is what launched before the refresh. */
  private static void restore(Draft draft) {
    Refresh refresh = draft.refreshes.getLast();
    if (refresh.desired().isPresent()) {
      draft.settings = draft.settings.with(GroupChange.source(refresh.before()));
    }
  }

  /** Those that were about to leave for the refresh stay. */
  private static void stay(Draft draft) {
    for (Member member : draft.members()) {
      if (member.outgoing().filter(why -> why.cause().equals(Terms.REFRESH_CAUSE)).isPresent()) {
        draft.put(member.leaving(Optional.empty()));
      }
    }
  }

  static void rollback(Draft draft, String why) {
    require(draft);
    Refresh refresh = draft.refreshes.getLast();
    if (refresh.desired().isEmpty()) {
      throw EsteiraException.invalid(
          "The instance refresh has no desired configuration, so there is nothing to roll back to");
    }
    stay(draft);
    restore(draft);
    Set<String> stillOld = new HashSet<>(refresh.old());
    List<String> replaced =
        draft.members().stream()
            .filter(m -> m.lifecycle().counts() && m.instanceId().isPresent())
            .map(Member::id)
            .filter(id -> !stillOld.contains(id))
            .toList();
    change(
        draft,
        each ->
            each.now(Refresh.Status.ROLLBACK_IN_PROGRESS, why)
                .left(replaced.size(), replaced)
                .resting(Optional.empty(), 0));
    draft.failures = 0;
    draft.launchAfter = Optional.empty();
  }

  static void run(Draft draft) {
    Optional<Refresh> going = open(draft);
    if (going.isEmpty()) {
      return;
    }
    Set<String> there = new HashSet<>();
    draft.members().stream().filter(m -> m.lifecycle().counts()).forEach(m -> there.add(m.id()));
    Refresh refresh =
        change(
            draft,
            each -> each.left(each.total(), each.old().stream().filter(there::contains).toList()));
    switch (refresh.status()) {
      case CANCELLING -> {
        if (draft.count(m -> m.lifecycle().pending() || m.lifecycle().terminating()) == 0) {
          end(draft, Refresh.Status.CANCELLED, refresh.reason());
        }
      }
      case PENDING, IN_PROGRESS, ROLLBACK_IN_PROGRESS -> advance(draft, refresh);
      case SUCCESSFUL, FAILED, CANCELLED, ROLLBACK_FAILED, ROLLBACK_SUCCESSFUL -> {}
    }
  }

  private static void end(Draft draft, Refresh.Status status, String why) {
    change(draft, refresh -> refresh.ended(status, why, draft.now));
  }

  private static void advance(Draft draft, Refresh refresh) {
    boolean back = refresh.status() == Refresh.Status.ROLLBACK_IN_PROGRESS;
    boolean canRollBack =
        !back && refresh.preferences().autoRollback() && refresh.desired().isPresent();
    if (canRollBack && draft.failures >= FAILURES_BEFORE_ROLLBACK) {
      rollback(draft, "Rolled back: the new instances failed to start or to be healthy.");
      return;
    }
    if (draft.failures >= FAILURES_MAX) {
      stay(draft);
      if (!back) {
        restore(draft);
      }
      end(
          draft,
          back ? Refresh.Status.ROLLBACK_FAILED : Refresh.Status.FAILED,
          "The new instances failed to start or to be healthy; see the group's activities.");
      return;
    }
    boolean settled = draft.count(m -> m.stays() && !Health.ready(draft, m)) == 0;
    boolean whole = settled && draft.count(Member::stays) == draft.desired;
    if (checkpoint(draft, refresh, whole)) {
      return;
    }
    goOn(draft, draft.refreshes.getLast(), whole);
  }

  private static void goOn(Draft draft, Refresh refresh, boolean whole) {
    List<Member> old = oldServing(draft, refresh);
    if (old.isEmpty() && oldOutgoing(draft, refresh) == 0) {
      if (whole) {
        boolean back = refresh.status() == Refresh.Status.ROLLBACK_IN_PROGRESS;
        end(
            draft,
            back ? Refresh.Status.ROLLBACK_SUCCESSFUL : Refresh.Status.SUCCESSFUL,
            refresh.reason());
      }
      return;
    }
    replace(draft, refresh, old, whole);
  }

  private static long oldOutgoing(Draft draft, Refresh refresh) {
    return draft.count(
        m -> refresh.old().contains(m.id()) && m.outgoing().isPresent() && m.lifecycle().counts());
  }

  /** Old members whose turn may come. */
  private static List<Member> oldServing(Draft draft, Refresh refresh) {
    boolean withProtected = refresh.preferences().protectedInstances().equals("Refresh");
    boolean without = refresh.preferences().protectedInstances().equals("Ignore");
    List<Member> serving = new ArrayList<>();
    for (Member member : draft.members()) {
      boolean its = refresh.old().contains(member.id()) && member.stays();
      if (its && !(without && member.protectedFromScaleIn())) {
        serving.add(member);
      }
    }
    return withProtected || without
        ? serving
        : serving.stream()
            .sorted((a, b) -> Boolean.compare(a.protectedFromScaleIn(), b.protectedFromScaleIn()))
            .toList();
  }

  private static void replace(Draft draft, Refresh refresh, List<Member> old, boolean whole) {
    Refresh.Preferences wish = refresh.preferences();
    int most = draft.desired * wish.maxHealthyPercentage() / 100;
    boolean newFirst = wish.minHealthyPercentage() == 100 || most > draft.desired;
    long leaving = oldOutgoing(draft, refresh);
    int can;
    if (newFirst) {
      can = (int) (Math.max(1, most - draft.desired) - leaving);
    } else {
      int least = (draft.desired * wish.minHealthyPercentage() + 99) / 100;
      int ready = draft.count(m -> m.stays() && Health.ready(draft, m));
      can = Math.max(ready - least, whole ? 1 : 0);
    }
    can = Math.min(can, untilCheckpoint(refresh) - (int) leaving);
    for (Member member : old.subList(0, Math.clamp(can, 0, old.size()))) {
      if (member.protectedFromScaleIn() && !wish.protectedInstances().equals("Refresh")) {
        continue;
      }
      if (newFirst) {
        draft.put(member.leaving(Optional.of(new Member.Outgoing(Terms.REFRESH_CAUSE, false))));
      } else {
        Passages.terminate(draft, member, draft.at() + " " + Terms.REFRESH_CAUSE);
      }
    }
  }

  /** How many more may be replaced before the next checkpoint. */
  private static int untilCheckpoint(Refresh refresh) {
    List<Integer> checkpoints = refresh.preferences().checkpoints();
    int passed = refresh.checkpointsPassed();
    int goal =
        passed < checkpoints.size()
            ? (refresh.total() * checkpoints.get(passed) + 99) / 100
            : refresh.total();
    return goal - (refresh.total() - refresh.old().size());
  }

  /** True while the refresh rests at a checkpoint, or waits until the group is whole there. */
  private static boolean checkpoint(Draft draft, Refresh refresh, boolean whole) {
    if (refresh.checkpointUntil().isPresent()) {
      if (!draft.due(refresh.checkpointUntil().get())) {
        return true;
      }
      change(draft, each -> each.resting(Optional.empty(), each.checkpointsPassed() + 1));
      return false;
    }
    boolean reached =
        refresh.checkpointsPassed() < refresh.preferences().checkpoints().size()
            && untilCheckpoint(refresh) <= 0
            && !refresh.old().isEmpty();
    if (reached && whole) {
      var until = draft.now.plusSeconds(refresh.preferences().checkpointDelaySeconds());
      draft.wakeAt(until);
      change(draft, each -> each.resting(Optional.of(until), each.checkpointsPassed()));
    }
    return reached;
  }

  /** Whether a member came by the refresh that goes on. */
  static boolean isNew(Draft draft, Member member) {
    return open(draft)
        .filter(refresh -> member.made().at().isAfter(refresh.startedAt()))
        .filter(refresh -> !refresh.old().contains(member.id()))
        .isPresent();
  }

  /** Whether a member that came by a refresh has had the time to warm up. */
  static boolean warm(Draft draft, Member member) {
    if (!isNew(draft, member)) {
      return true;
    }
    int seconds =
        draft
            .refreshes
            .getLast()
            .preferences()
            .warmupSeconds()
            .or(() -> draft.settings.warmupSeconds())
            .orElse(draft.settings.graceSeconds());
    return draft.due(member.since().plus(Duration.ofSeconds(seconds)));
  }
}
