package dev.esteira.fleet.group;

import dev.esteira.edge.elb.Targets;
import java.time.Duration;
import java.time.Instant;

/** Which members are unhealthy, and their replacement. */
final class Health {
  private Health() {}

  static void run(Draft draft) {
    for (Member member : draft.members()) {
      switch (member.lifecycle()) {
        case IN_SERVICE -> inService(draft, member);
        case STANDBY -> {
          if (member.health().going()) {
            Passages.terminate(draft, member, draft.at() + " " + member.health().cause());
          }
        }
        case REQUESTED,
            PENDING,
            PENDING_WAIT,
            PENDING_PROCEED,
            TERMINATING,
            TERMINATING_WAIT,
            TERMINATING_PROCEED -> {}
      }
    }
  }

  private static void inService(Draft draft, Member member) {
    Member judged = draft.put(byTargets(draft, member));
    boolean acts = !draft.settings.rests("ReplaceUnhealthy") && !draft.settings.rests("Terminate");
    if (!judged.health().healthy() && acts) {
      if (judged.outgoing().isEmpty()) {
        draft.unhealthy++;
      }
      if (Refreshing.isNew(draft, judged)) {
        Sightings.failed(draft);
      }
      Passages.terminate(draft, judged, draft.at() + " " + judged.health().cause());
    }
  }

  private static Member byTargets(Draft draft, Member member) {
    boolean bad =
        draft.settings.loadBalanced()
            && !draft.settings.rests("HealthCheck")
            && member.health().healthy()
            && member.targets().containsValue(Targets.Health.UNHEALTHY);
    if (!bad || !draft.due(graceEnd(draft, member))) {
      return member;
    }
    return member.with(new Member.Health(member.health().state(), false, Terms.ELB_CAUSE));
  }

  static Instant graceEnd(Draft draft, Member member) {
    return member.since().plus(Duration.ofSeconds(draft.settings.graceSeconds()));
  }

  /** Whether a member does its work: in service, and healthy wherever it is a target. */
  static boolean ready(Draft draft, Member member) {
    return member.lifecycle() == Lifecycle.IN_SERVICE
        && member.health().healthy()
        && member.targets().values().stream()
            .allMatch(health -> health == Targets.Health.HEALTHY || health == Targets.Health.UNUSED)
        && Refreshing.warm(draft, member);
  }
}
