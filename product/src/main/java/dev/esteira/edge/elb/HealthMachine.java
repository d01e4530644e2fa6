package dev.esteira.edge.elb;

import dev.esteira.edge.elb.HealthState.Member;
import dev.esteira.edge.elb.HealthState.Status;
import dev.esteira.edge.elb.LoadBalancers.HealthCheck;
import dev.esteira.edge.elb.LoadBalancers.Target;
import dev.esteira.edge.elb.Targets.TargetHealth;
import dev.esteira.store.Machine;
import dev.esteira.store.MachineHost;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Decides who of a target group is healthy and who gets traffic. Pure. Checks come as events; the
 * same state twice in a row means that there is nothing to record.
 */
final class HealthMachine
    implements Machine<HealthState, HealthMachine.Event, HealthMachine.Command> {
  static final MachineHost.Types<HealthState, Event, Command> TYPES =
      new MachineHost.Types<>(HealthState.class, Event.class, Command.class);

  private static final TargetHealth NOT_REGISTERED =
      new TargetHealth(
          Targets.Health.UNUSED,
          "Target.NotRegistered",
          "Target is not registered to the target group");

  /** How a check went. */
  sealed interface Outcome {
    record Passed() implements Outcome {}

    record Failed(String reason, String description) implements Outcome {}

    /** There was nobody to check. */
    record Nobody(String description) implements Outcome {}
  }

  /** What happens to a group. */
  sealed interface Event {
    record Registered(List<Target> targets) implements Event {}

    record Deregistered(List<Target> targets) implements Event {}

    /**
     * @param counts whether a failure counts; between the checks that the group asks for, others
     *     look whether a new target is ready yet
     */
    record Checked(String key, Outcome outcome, boolean counts) implements Event {}

    record Drained(String key, Instant until) implements Event {}

    record Configured(HealthCheck check, int delaySeconds) implements Event {}

    record Used(boolean used) implements Event {}
  }

  /** What is to be done. */
  sealed interface Command {
    /** Bring traffic to what the state of then says. */
    record Rotate() implements Command {}

    /** Tell {@code Drained} when its connections have ended, or at the instant. */
    record Drain(String key, Instant until) implements Command {}

    /** Tell listeners. */
    record Tell(String targetId, TargetHealth health) implements Command {}
  }

  @Override
  public Step<HealthState, Command> step(HealthState state, Event event, Instant now) {
    HealthState next =
        switch (event) {
          case Event.Registered(List<Target> targets) -> register(state, targets);
          case Event.Deregistered(List<Target> targets) -> deregister(state, targets, now);
          case Event.Checked(String key, Outcome outcome, boolean counts) ->
              checked(state, key, outcome, counts);
          case Event.Drained(String key, Instant until) -> drained(state, key, until);
          case Event.Configured(HealthCheck check, int delaySeconds) ->
              new HealthState(check, delaySeconds, state.used(), state.members());
          case Event.Used(boolean used) -> used(state, used);
        };
    return new Step<>(next, commands(state, next));
  }

  private static HealthState register(HealthState state, List<Target> targets) {
    Map<String, Member> members = new TreeMap<>(state.members());
    for (Target target : targets) {
      Member present = members.get(HealthState.key(target));
      if (present == null || present.status() instanceof Status.Draining) {
        members.put(HealthState.key(target), new Member(target, new Status.Initial(false, 0)));
      }
    }
    return state.with(members);
  }

  private static HealthState deregister(HealthState state, List<Target> targets, Instant now) {
    Map<String, Member> members = new TreeMap<>(state.members());
    for (Target target : targets) {
      String key = HealthState.key(target);
      Member present = members.get(key);
      if (present == null || present.status() instanceof Status.Draining) {
        continue;
      }
      if (!state.used() || state.delaySeconds() == 0) {
        members.remove(key);
      } else {
        Instant until = now.plusSeconds(state.delaySeconds());
        members.put(key, new Member(present.target(), new Status.Draining(until)));
      }
    }
    return state.with(members);
  }

  private static HealthState checked(
      HealthState state, String key, Outcome outcome, boolean counts) {
    Member member = state.members().get(key);
    if (member == null || !state.used()) {
      return state;
    }
    Map<String, Member> members = new TreeMap<>(state.members());
    members.put(
        key, new Member(member.target(), status(state.check(), member.status(), outcome, counts)));
    return state.with(members);
  }

  private static Status status(HealthCheck check, Status before, Outcome outcome, boolean counts) {
    if (before instanceof Status.Draining) {
      return before;
    }
    return switch (outcome) {
      case Outcome.Nobody(String description) -> new Status.Absent(description);
      case Outcome.Passed() -> passed(check, before, counts);
      case Outcome.Failed(String reason, String description) ->
          counts ? failed(check, before, reason, description) : before;
    };
  }

  /** A new target needs one check only. */
  private static Status passed(HealthCheck check, Status before, boolean counts) {
    if (!(before instanceof Status.Unhealthy(int passes, String reason, String description))) {
      return new Status.Healthy(0);
    }
    int now = counts ? passes + 1 : passes;
    return now >= check.healthyThreshold()
        ? new Status.Healthy(0)
        : new Status.Unhealthy(now, reason, description);
  }

  private static Status failed(
      HealthCheck check, Status before, String reason, String description) {
    int failures =
        1
            + switch (before) {
              case Status.Initial(boolean _, int soFar) -> soFar;
              case Status.Healthy(int soFar) -> soFar;
              case Status.Absent _ -> 0;
              case Status.Unhealthy _ -> check.unhealthyThreshold();
              case Status.Draining _ -> 0;
            };
    if (failures >= check.unhealthyThreshold()) {
      return new Status.Unhealthy(0, reason, description);
    }
    return before instanceof Status.Healthy
        ? new Status.Healthy(failures)
        : new Status.Initial(true, failures);
  }

  private static HealthState drained(HealthState state, String key, Instant until) {
    Member member = state.members().get(key);
    if (member == null || !member.status().equals(new Status.Draining(until))) {
      return state;
    }
    Map<String, Member> members = new TreeMap<>(state.members());
    members.remove(key);
    return state.with(members);
  }

  /** Nobody checks an unused group: what was known is forgotten, and nothing is left to drain. */
  private static HealthState used(HealthState state, boolean used) {
    if (used == state.used()) {
      return state;
    }
    Map<String, Member> members = new TreeMap<>();
    state
        .members()
        .forEach((key, member) -> {
          if (!(member.status() instanceof Status.Draining)) {
            members.put(key, new Member(member.target(), new Status.Initial(false, 0)));
          }
        });
    return new HealthState(state.check(), state.delaySeconds(), used, members);
  }

  private static List<Command> commands(HealthState before, HealthState after) {
    List<Command> commands = new ArrayList<>();
    if (before.used() != after.used()
        || !before.serving().equals(after.serving())
        || !before.members().keySet().equals(after.members().keySet())) {
      commands.add(new Command.Rotate());
    }
    after
        .members()
        .forEach((key, member) -> {
          Optional<Member> was = Optional.ofNullable(before.members().get(key));
          TargetHealth health = after.health(member);
          if (!was.map(before::health).equals(Optional.of(health))) {
            commands.add(new Command.Tell(member.target().id(), health));
          }
          if (member.status() instanceof Status.Draining(Instant until)
              && !was.map(Member::status).equals(Optional.of(member.status()))) {
            commands.add(new Command.Drain(key, until));
          }
        });
    before
        .members()
        .forEach((key, member) -> {
          if (!after.members().containsKey(key)) {
            commands.add(new Command.Tell(member.target().id(), NOT_REGISTERED));
          }
        });
    return commands;
  }
}
