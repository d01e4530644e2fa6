package dev.esteira.fleet.group;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Makes the number of members right: launches what is missing, lets go what was replaced, and
 * terminates what is too many. Members that leave once they are replaced do not count, so that
 * their replacements are launched beside them.
 */
final class Capacity {
  private static final int LAUNCHES_MAX = 20;

  private Capacity() {}

  static void run(Draft draft) {
    if (draft.settings.rests("Terminate") && !draft.deleting) {
      launch(draft);
      return;
    }
    retire(draft);
    surplus(draft);
    launch(draft);
    if (draft.count(Member::stays) == draft.desired) {
      draft.cause = "";
    }
  }

  /** A leaving member may go when those that serve without it are enough. */
  private static void retire(Draft draft) {
    List<Member> leaving =
        draft.members().stream()
            .filter(m -> m.lifecycle().counts() && m.outgoing().isPresent())
            .toList();
    List<Member> ready =
        draft.members().stream().filter(m -> m.stays() && Health.ready(draft, m)).toList();
    int free = ready.size() + leaving.size() - draft.desired;
    for (Member member : leaving.subList(0, Math.clamp(free, 0, leaving.size()))) {
      Member.Outgoing why = member.outgoing().orElseThrow();
      if (why.address() && !ready.isEmpty()) {
        draft.command(new GroupCommand.MoveAddress(member.id(), ready.getLast().id()));
      }
      Passages.terminate(draft, member, draft.at() + " " + why.cause());
    }
  }

  private static void surplus(Draft draft) {
    int staying = draft.count(Member::stays);
    int requested = draft.count(m -> m.stays() && m.lifecycle() == Lifecycle.REQUESTED);
    // A requested one has no id to be terminated by: it goes as soon as it has.
    int tooMany = staying - draft.desired - requested;
    if (tooMany <= 0) {
      return;
    }
    List<Member> victims = new ArrayList<>();
    draft.members().stream()
        .filter(m -> m.stays() && m.lifecycle().pending() && m.lifecycle() != Lifecycle.REQUESTED)
        .sorted(Comparator.comparingLong(Member::slot).reversed())
        .forEach(victims::add);
    List<Member> serving =
        draft.members().stream()
            .filter(m -> m.stays() && m.lifecycle() == Lifecycle.IN_SERVICE)
            .filter(m -> draft.deleting || !m.protectedFromScaleIn())
            .toList();
    victims.addAll(TerminationPolicy.order(draft.settings, serving));
    int from = staying;
    for (Member victim : victims.subList(0, Math.min(tooMany, victims.size()))) {
      String id = victim.id();
      int left = from - 1;
      String why =
          draft.cause
              + draft.at()
              + " an instance was taken out of service in response to a difference between desired"
              + " and actual capacity, shrinking the capacity from "
              + (from + " to " + left + ".  " + draft.at() + " instance " + id)
              + " was selected for termination.";
      from = left;
      Passages.terminate(draft, victim, why);
    }
  }

  private static void launch(Draft draft) {
    int staying = draft.count(Member::stays);
    int missing = Math.min(draft.desired - staying, LAUNCHES_MAX);
    if (missing <= 0 || draft.deleting || draft.settings.rests("Launch")) {
      return;
    }
    if (draft.launchAfter.isPresent() && !draft.due(draft.launchAfter.get())) {
      return;
    }
    for (int i = 0; i < missing; i++) {
      launchOne(draft, staying + i);
    }
  }

  private static void launchOne(Draft draft, int there) {
    long slot = draft.takeSlot();
    String place = place(draft);
    boolean subnet = place.startsWith("subnet-");
    String zone = subnet ? "" : place;
    Member.Made made = new Member.Made(LaunchedWith.UNKNOWN, place, zone, "", draft.now);
    Activity activity =
        draft.begin(
            "Launching a new EC2 instance",
            launchCause(draft, there),
            "InProgress",
            Terms.details(made));
    draft.put(
        new Member(
            slot,
            Optional.empty(),
            Lifecycle.REQUESTED,
            draft.now,
            made,
            Member.Health.UNKNOWN,
            false,
            List.of(),
            java.util.Map.of(),
            Optional.of(activity),
            Optional.empty()));
    draft.command(
        new GroupCommand.Launch(
            slot,
            draft.token(slot),
            draft.settings.source(),
            subnet ? place : "",
            zone,
            draft.settings.instanceTags()));
  }

  private static String launchCause(Draft draft, int there) {
    if (draft.unhealthy > 0) {
      draft.unhealthy--;
      return draft.at()
          + " an instance was launched in response to an unhealthy instance needing to be "
          + "replaced.";
    }
    Optional<Member> leaving =
        draft.members().stream().filter(m -> m.outgoing().isPresent()).findFirst();
    if (leaving.isPresent()) {
      return "%s an instance was launched to replace %s, which is terminated afterwards."
          .formatted(draft.at(), leaving.get().id());
    }
    return ("%s%s an instance was started in response to a difference between desired and actual "
            + "capacity, increasing the capacity from %d to %d.")
        .formatted(draft.cause, draft.at(), there, there + 1);
  }

  /** Where the fewest are; after a failure the next best, because the best may be broken. */
  private static String place(Draft draft) {
    var counts =
        draft.members().stream()
            .filter(Member::stays)
            .collect(Collectors.groupingBy(m -> m.made().place(), Collectors.counting()));
    List<String> places = new ArrayList<>(draft.settings.places());
    places.sort(Comparator.comparing(place -> counts.getOrDefault(place, 0L)));
    return places.get(draft.failures % places.size());
  }
}
