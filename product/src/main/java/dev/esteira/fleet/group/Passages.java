package dev.esteira.fleet.group;

import dev.esteira.edge.elb.Targets;
import dev.esteira.fleet.Instances;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Brings members from one lifecycle state to the next, on their way in and out. */
final class Passages {
  static final Duration START_MAX = Duration.ofMinutes(15);
  static final Duration DRAIN_MAX = Duration.ofMinutes(65);
  static final Duration TERMINATE_AGAIN = Duration.ofSeconds(30);

  private Passages() {}

  static void run(Draft draft) {
    for (Member member : draft.members()) {
      switch (member.lifecycle()) {
        case REQUESTED, STANDBY, IN_SERVICE -> {}
        case PENDING -> pending(draft, member);
        case PENDING_WAIT, PENDING_PROCEED -> waiting(draft, member);
        case TERMINATING -> draining(draft, member);
        case TERMINATING_WAIT -> leaving(draft, member);
        case TERMINATING_PROCEED -> ending(draft, member);
      }
    }
  }

  private static void pending(Draft draft, Member member) {
    if (!member.health().healthy()) {
      giveUp(draft, member, "Instance failed to start: it is " + member.health().state().word());
    } else if (member.health().state() == Instances.State.RUNNING) {
      Member waits = Hooks.begin(draft, member.now(Lifecycle.PENDING_WAIT, draft.now), true);
      if (waits.waits().isEmpty()) {
        enter(draft, waits);
      } else {
        draft.put(
            waits.doing(waits.activity().map(a -> draft.note(a.at("MidLifecycleAction", 50)))));
      }
    } else if (draft.due(member.since().plus(START_MAX))) {
      giveUp(draft, member, "Instance was not running after " + START_MAX.toMinutes() + " minutes");
    }
  }

  private static void waiting(Draft draft, Member member) {
    if (!member.health().healthy()) {
      giveUp(
          draft,
          member,
          "Instance became unhealthy while waiting for instance to be in InService state.");
    } else if (member.waits().isEmpty()) {
      enter(draft, member);
    }
  }

  /** In service, and in the target groups. */
  static void enter(Draft draft, Member member) {
    Member in =
        member
            .now(Lifecycle.IN_SERVICE, draft.now)
            .protect(member.protectedFromScaleIn() || draft.settings.protectNew());
    member.activity().ifPresent(a -> draft.note(a.ended(draft.now, "Successful", "")));
    register(draft, in.doing(Optional.empty()));
    draft.failures = 0;
    draft.launchAfter = Optional.empty();
  }

  /** Puts a member in service into the target groups where it is not yet. */
  static void register(Draft draft, Member member) {
    Map<String, Targets.Health> targets = new HashMap<>(member.targets());
    if (!draft.settings.rests("AddToLoadBalancer")) {
      for (String arn : draft.settings.targetGroups()) {
        if (targets.putIfAbsent(arn, Targets.Health.INITIAL) == null) {
          draft.command(new GroupCommand.Register(member.id(), arn));
        }
      }
    }
    draft.put(member.in(targets));
  }

  /** The launch has failed: the next one waits a while. */
  static void giveUp(Draft draft, Member member, String why) {
    member.activity().ifPresent(a -> draft.note(a.ended(draft.now, "Failed", why)));
    draft.put(
        member
            .now(Lifecycle.TERMINATING_PROCEED, draft.now)
            .doing(Optional.empty())
            .leaving(Optional.empty()));
    draft.command(new GroupCommand.Terminate(member.id(), Terms.GROUP_FAILED_LAUNCH));
    Sightings.failed(draft);
  }

  /** Begins the way out; {@code cause} is a sentence without the time. */
  static void terminate(Draft draft, Member member, String cause) {
    member.activity().ifPresent(a -> draft.note(a.ended(draft.now, "Cancelled", "")));
    Activity activity =
        draft.begin(
            "Terminating EC2 instance: " + member.id(),
            cause,
            member.targets().isEmpty() ? "InProgress" : "WaitingForELBConnectionDraining",
            Terms.details(member.made()));
    draft.put(
        member
            .now(Lifecycle.TERMINATING, draft.now)
            .doing(Optional.of(activity))
            .leaving(Optional.empty()));
    leaveTargets(draft, member);
  }

  static void leaveTargets(Draft draft, Member member) {
    member.targets().keySet().stream()
        .sorted()
        .forEach(arn -> draft.command(new GroupCommand.Deregister(member.id(), arn)));
  }

  private static void draining(Draft draft, Member member) {
    boolean going = member.health().going();
    if (!member.targets().isEmpty() && !going && !draft.due(member.since().plus(DRAIN_MAX))) {
      return;
    }
    Member waits = member.now(Lifecycle.TERMINATING_WAIT, draft.now);
    Member next = going || draft.deleting ? waits : Hooks.begin(draft, waits, false);
    draft.put(
        next.waits().isEmpty()
            ? next
            : next.doing(next.activity().map(a -> draft.note(a.at("MidLifecycleAction", 50)))));
    leaving(draft, next);
  }

  private static void leaving(Draft draft, Member member) {
    if (member.waits().isEmpty() || member.health().going() || draft.deleting) {
      Member last =
          draft.slot(member.slot()).orElse(member).now(Lifecycle.TERMINATING_PROCEED, draft.now);
      draft.put(last);
      draft.command(new GroupCommand.Terminate(last.id(), Terms.TERMINATED_BY_GROUP));
      ending(draft, last);
    }
  }

  private static void ending(Draft draft, Member member) {
    if (member.health().gone()) {
      member.activity().ifPresent(a -> draft.note(a.ended(draft.now, "Successful", "")));
      draft.remove(member);
    } else if (draft.due(member.since().plus(TERMINATE_AGAIN))) {
      draft.put(member.now(Lifecycle.TERMINATING_PROCEED, draft.now));
      draft.command(new GroupCommand.Terminate(member.id(), Terms.TERMINATED_BY_GROUP));
      draft.command(new GroupCommand.Look(member.id()));
      draft.wakeAt(draft.now.plus(TERMINATE_AGAIN));
    }
  }
}
