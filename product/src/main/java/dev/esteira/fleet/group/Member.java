package dev.esteira.fleet.group;

import dev.esteira.edge.elb.Targets;
import dev.esteira.fleet.Instances;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * An instance of a group, from the wish for it until it is gone.
 *
 * @param slot its number in the group, never given twice; the launch token is made of it
 * @param since when it came into its lifecycle state
 * @param targets the target groups it was put into, and its health there
 * @param activity the one that is going on
 * @param outgoing why it leaves as soon as a replacement is ready; empty when it stays
 */
public record Member(
    long slot,
    Optional<String> instanceId,
    Lifecycle lifecycle,
    Instant since,
    Made made,
    Health health,
    boolean protectedFromScaleIn,
    List<Hook.Wait> waits,
    Map<String, Targets.Health> targets,
    Optional<Activity> activity,
    Optional<Outgoing> outgoing) {

  /** How it came to be; {@code place} is the subnet or zone that it was asked for in. */
  public record Made(
      LaunchedWith with, String place, String zone, String instanceType, Instant at) {}

  /** What is known of its health: the state seen last, and the cause when it is unhealthy. */
  public record Health(Instances.State state, boolean healthy, String cause) {
    static final Health UNKNOWN = new Health(Instances.State.PENDING, true, "");

    boolean gone() {
      return state == Instances.State.TERMINATED;
    }

    boolean going() {
      return gone() || state == Instances.State.SHUTTING_DOWN;
    }
  }

  /** Why it leaves once it is replaced; with {@code address}, its elastic address moves over. */
  public record Outgoing(String cause, boolean address) {}

  public Member {
    waits = List.copyOf(waits);
    targets = Map.copyOf(targets);
  }

  String id() {
    return instanceId.orElse("");
  }

  /** A member that capacity counts on to stay. */
  boolean stays() {
    return lifecycle.counts() && outgoing.isEmpty();
  }

  Member now(Lifecycle next, Instant now) {
    return but(member -> {
      member.lifecycle = next;
      member.since = now;
      member.waits = List.of();
    });
  }

  Member launched(String id, Made how) {
    return but(member -> {
      member.instanceId = Optional.of(id);
      member.made = how;
    });
  }

  Member with(Health seen) {
    return but(member -> member.health = seen);
  }

  Member protect(boolean on) {
    return but(member -> member.protectedFromScaleIn = on);
  }

  Member waiting(List<Hook.Wait> for_) {
    return but(member -> member.waits = for_);
  }

  Member in(Map<String, Targets.Health> healths) {
    return but(member -> member.targets = healths);
  }

  Member doing(Optional<Activity> what) {
    return but(member -> member.activity = what);
  }

  Member leaving(Optional<Outgoing> why) {
    return but(member -> member.outgoing = why);
  }

  /** The same but for what is changed. */
  private Member but(Consumer<Next> change) {
    Next next = new Next(this);
    change.accept(next);
    return new Member(
        slot,
        next.instanceId,
        next.lifecycle,
        next.since,
        next.made,
        next.health,
        next.protectedFromScaleIn,
        next.waits,
        next.targets,
        next.activity,
        next.outgoing);
  }

  /** What may change of it. */
  private static final class Next {
    private Optional<String> instanceId;
    private Lifecycle lifecycle;
    private Instant since;
    private Made made;
    private Health health;
    private boolean protectedFromScaleIn;
    private List<Hook.Wait> waits;
    private Map<String, Targets.Health> targets;
    private Optional<Activity> activity;
    private Optional<Outgoing> outgoing;

    Next(Member member) {
      instanceId = member.instanceId;
      lifecycle = member.lifecycle;
      since = member.since;
      made = member.made;
      health = member.health;
      protectedFromScaleIn = member.protectedFromScaleIn;
      waits = member.waits;
      targets = member.targets;
      activity = member.activity;
      outgoing = member.outgoing;
    }
  }
}
