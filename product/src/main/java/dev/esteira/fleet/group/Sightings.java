package dev.esteira.fleet.group;

import dev.esteira.edge.elb.Targets;
import dev.esteira.fleet.Instances;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What the world tells of a group's instances, put into the draft. */
final class Sightings {
  private static final int BACKOFF_SECONDS_FIRST = 2;
  private static final int BACKOFF_SECONDS_MAX = 300;

  private Sightings() {}

  static void launched(Draft draft, GroupEvent.Launched event) {
    draft
        .slot(event.slot())
        .filter(member -> member.lifecycle() == Lifecycle.REQUESTED)
        .ifPresent(member -> {
          Member.Made made =
              new Member.Made(
                  event.with(),
                  member.made().place(),
                  event.zone(),
                  event.instanceType(),
                  draft.now);
          Member there =
              draft.put(
                  member.launched(event.instanceId(), made).now(Lifecycle.PENDING, draft.now));
          there
              .activity()
              .map(activity ->
                  activity
                      .about(
                          "Launching a new EC2 instance: " + event.instanceId(),
                          Terms.details(there.made()))
                      .at("PreInService", 30))
              .ifPresent(activity -> draft.put(there.doing(Optional.of(draft.note(activity)))));
          draft.command(new GroupCommand.Look(event.instanceId()));
        });
  }

  static void launchFailed(Draft draft, GroupEvent.LaunchFailed event) {
    draft
        .slot(event.slot())
        .filter(member -> member.lifecycle() == Lifecycle.REQUESTED)
        .ifPresent(member -> {
          member
              .activity()
              .ifPresent(activity ->
                  draft.note(
                      activity.ended(
                          draft.now, "Failed", event.why() + " Launching EC2 instance failed.")));
          draft.remove(member);
          failed(draft);
        });
  }

  /** Waits longer after each failure, so that a broken image does not keep the machine busy. */
  static void failed(Draft draft) {
    draft.failures = Math.min(draft.failures + 1, 30);
    long seconds =
        Math.min(BACKOFF_SECONDS_MAX, (long) BACKOFF_SECONDS_FIRST << (draft.failures - 1));
    draft.launchAfter = Optional.of(draft.now.plus(Duration.ofSeconds(seconds)));
  }

  static void seen(Draft draft, GroupEvent.Seen event) {
    draft
        .member(event.instanceId())
        .ifPresent(member -> {
          boolean checked = !draft.settings.rests("HealthCheck");
          boolean alive =
              event.state() == Instances.State.PENDING || event.state() == Instances.State.RUNNING;
          boolean broken = event.state() == Instances.State.RUNNING && !event.healthy();
          boolean bad = checked && (!alive || broken);
          boolean known = !member.health().healthy();
          String cause = known ? member.health().cause() : bad ? Terms.ec2Cause(alive) : "";
          draft.put(member.with(new Member.Health(event.state(), !known && !bad, cause)));
        });
  }

  static void targetSeen(Draft draft, GroupEvent.TargetSeen event) {
    draft
        .member(event.instanceId())
        .filter(member -> member.targets().containsKey(event.arn()))
        .ifPresent(member -> {
          Map<String, Targets.Health> targets = new HashMap<>(member.targets());
          if (event.health().isPresent()) {
            targets.put(event.arn(), event.health().get());
          } else if (member.lifecycle().counts()) {
            // Not there yet is not ready; no longer there is somebody's wish.
            targets.computeIfPresent(
                event.arn(),
                (_, was) -> was == Targets.Health.INITIAL ? was : Targets.Health.UNUSED);
          } else {
            targets.remove(event.arn());
          }
          draft.put(member.in(targets));
        });
  }

  /** An instance of ours that no slot knows, and no launch under way can explain, is a stray. */
  static void found(Draft draft, GroupEvent.Found event) {
    boolean explained =
        draft.member(event.instanceId()).isPresent()
            || draft.count(member -> member.lifecycle() == Lifecycle.REQUESTED) > 0;
    if (!explained) {
      draft.command(new GroupCommand.Terminate(event.instanceId(), Terms.STRAY));
    }
  }
}
