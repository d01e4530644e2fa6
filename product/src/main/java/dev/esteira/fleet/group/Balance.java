package dev.esteira.fleet.group;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Replaces members that are too old or in the wrong place, one at a time, the new one first. */
final class Balance {
  private static final Duration PAUSE = Duration.ofMinutes(10);

  private Balance() {}

  static void run(Draft draft) {
    boolean steady =
        !draft.deleting
            && draft.failures == 0
            && draft.count(m -> m.lifecycle().pending() || m.outgoing().isPresent()) == 0
            && draft.count(Member::stays) == draft.desired
            && draft.refreshes.stream().noneMatch(refresh -> refresh.status().open());
    if (!steady) {
      return;
    }
    Optional<Member> old = tooOld(draft);
    if (old.isPresent()) {
      leave(draft, old.get(), Terms.LIFETIME_CAUSE);
    } else if (!draft.settings.rests("AZRebalance")) {
      rebalance(draft);
    }
  }

  private static Optional<Member> tooOld(Draft draft) {
    int seconds = draft.settings.lifetimeSecondsMax();
    return seconds == 0
        ? Optional.empty()
        : draft.members().stream()
            .filter(m -> m.lifecycle() == Lifecycle.IN_SERVICE)
            .filter(m -> draft.due(m.made().at().plus(Duration.ofSeconds(seconds))))
            .findFirst();
  }

  private static void rebalance(Draft draft) {
    List<String> places = draft.settings.places();
    List<Member> serving =
        draft.members().stream().filter(m -> m.lifecycle() == Lifecycle.IN_SERVICE).toList();
    Map<String, Long> counts =
        serving.stream()
            .collect(Collectors.groupingBy(m -> m.made().place(), Collectors.counting()));
    long fewest = places.stream().mapToLong(p -> counts.getOrDefault(p, 0L)).min().orElse(0);
    Optional<Member> wrong =
        serving.stream()
            .filter(m -> known(m, places) && !m.protectedFromScaleIn())
            .filter(m ->
                !places.contains(m.made().place())
                    || counts.getOrDefault(m.made().place(), 0L) > fewest + 1)
            .max(
                Comparator.comparing((Member m) -> !places.contains(m.made().place()))
                    .thenComparing(m -> counts.getOrDefault(m.made().place(), 0L)));
    if (wrong.isPresent()
        && (draft.rebalanceAfter.isEmpty() || draft.due(draft.rebalanceAfter.get()))) {
      draft.rebalanceAfter = Optional.of(draft.now.plus(PAUSE));
      leave(draft, wrong.get(), Terms.REBALANCE_CAUSE);
    }
  }

  /** Attached members, and those of groups without places, are where they are. */
  private static boolean known(Member member, List<String> places) {
    return !member.made().place().isEmpty() && !places.contains("");
  }

  private static void leave(Draft draft, Member member, String cause) {
    draft.put(member.leaving(Optional.of(new Member.Outgoing(cause, false))));
  }
}
