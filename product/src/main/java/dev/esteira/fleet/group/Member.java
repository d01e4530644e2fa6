package dev.esteira.fleet.group;

import dev.esteira.edge.elb.Targets;
import dev.esteira.fleet.Instances;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
    return new Member(
        slot,
        instanceId,
        next,
        now,
        made,
        health,
        protectedFromScaleIn,
        List.of(),
        targets,
        activity,
        outgoing);
  }

  Member launched(String id, Made how) {
    return new Member(
        slot,
        Optional.of(id),
        lifecycle,
        since,
        how,
        health,
        protectedFromScaleIn,
        waits,
        targets,
        activity,
        outgoing);
  }

  Member with(Health seen) {
    return new Member(
        slot,
        instanceId,
        lifecycle,
        since,
        made,
        seen,
        protectedFromScaleIn,
        waits,
        targets,
        activity,
        outgoing);
  }

  Member protect(boolean on) {
    return new Member(
        slot, instanceId, lifecycle, since, made, health, on, waits, targets, activity, outgoing);
  }

  Member waiting(List<Hook.Wait> for_) {
    return new Member(
        slot,
        instanceId,
        lifecycle,
        since,
        made,
        health,
        protectedFromScaleIn,
        for_,
        targets,
        activity,
        outgoing);
  }

  Member in(Map<String, Targets.Health> healths) {
    return new Member(
        slot,
        instanceId,
        lifecycle,
        since,
        made,
        health,
        protectedFromScaleIn,
        waits,
        healths,
        activity,
        outgoing);
  }

  Member doing(Optional<Activity> what) {
    return new Member(
        slot,
        instanceId,
        lifecycle,
        since,
        made,
        health,
        protectedFromScaleIn,
        waits,
        targets,
        what,
        outgoing);
  }

  Member leaving(Optional<Outgoing> why) {
    return new Member(
        slot,
        instanceId,
        lifecycle,
        since,
        made,
        health,
        protectedFromScaleIn,
        waits,
        targets,
        activity,
        why);
  }
}
