package dev.esteira.fleet.group;

import dev.esteira.edge.elb.Targets;
import dev.esteira.fleet.Instances;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Instances, targets and addresses as they really are; what the group knows comes by looking. */
final class GroupWorld {
  /** A machine; {@code ending}: its end was asked for. */
  static final class Machine {
    final String id;
    Instances.State state = Instances.State.PENDING;
    boolean healthy;
    boolean ending;
    boolean ours = true;

    Machine(String id) {
      this.id = id;
    }

    boolean alive() {
      return state == Instances.State.PENDING || state == Instances.State.RUNNING;
    }
  }

  final Map<String, Machine> machines = new LinkedHashMap<>();
  final Map<String, String> byToken = new HashMap<>();
  final Map<String, Targets.Health> targets = new HashMap<>();
  final Set<String> users = new HashSet<>();
  private final Random random;
  Optional<String> addressAt = Optional.empty();

  GroupWorld(Random random) {
    this.random = random;
  }

  /** Does what a command says, as the hands do, and tells what they tell. */
  List<GroupEvent> carryOut(GroupCommand command, boolean faults) {
    return switch (command) {
      case GroupCommand.Launch launch -> List.of(launch(launch, faults));
      case GroupCommand.Terminate(String id, String _) -> {
        Optional.ofNullable(machines.get(id)).ifPresent(machine -> machine.ending = true);
        yield List.of();
      }
      case GroupCommand.Register(String id, String arn) -> {
        targets.put(arn + " " + id, Targets.Health.INITIAL);
        yield List.of();
      }
      case GroupCommand.Deregister(String id, String arn) -> {
        targets.computeIfPresent(arn + " " + id, (_, _) -> Targets.Health.DRAINING);
        yield List.of();
      }
      case GroupCommand.MoveAddress(String from, String to) -> {
        if (addressAt.equals(Optional.of(from))) {
          addressAt = Optional.of(to);
        }
        yield List.of();
      }
      case GroupCommand.Mark mark -> {
        Optional.ofNullable(machines.get(mark.instanceId()))
            .ifPresent(machine -> machine.ours = mark.member());
        yield List.of();
      }
      case GroupCommand.Look _, GroupCommand.Note _, GroupCommand.Forget _ -> List.of();
      case GroupCommand.Wake _ -> throw new AssertionError("timers are the host's");
    };
  }

  private GroupEvent launch(GroupCommand.Launch launch, boolean faults) {
    String known = byToken.get(launch.token());
    if (known == null && faults && random.nextInt(8) == 0) {
      return new GroupEvent.LaunchFailed(launch.slot(), "no room.");
    }
    String id =
        known != null
            ? known
            : byToken.computeIfAbsent(launch.token(), _ -> "i-" + (byToken.size() + 1));
    machines.computeIfAbsent(id, Machine::new);
    return new GroupEvent.Launched(
        launch.slot(), id, launch.zone(), "t3.micro", LaunchedWith.configuration("lc"));
  }

  /** Something happens somewhere; with {@code faults}, bad things too. */
  void go(boolean faults) {
    List<Machine> all = machines.values().stream().filter(m -> !gone(m)).toList();
    if (!all.isEmpty()) {
      advance(all.get(random.nextInt(all.size())), faults);
    }
    List<String> checked = new ArrayList<>(targets.keySet());
    if (!checked.isEmpty()) {
      check(checked.get(random.nextInt(checked.size())), faults);
    }
  }

  private static boolean gone(Machine machine) {
    return machine.state == Instances.State.TERMINATED;
  }

  private void advance(Machine machine, boolean faults) {
    if (machine.ending) {
      machine.state =
          machine.state == Instances.State.SHUTTING_DOWN
              ? Instances.State.TERMINATED
              : Instances.State.SHUTTING_DOWN;
      machine.healthy = false;
    } else if (faults && random.nextInt(25) == 0) {
      hurt(machine);
    } else if (machine.state == Instances.State.PENDING) {
      machine.state = Instances.State.RUNNING;
      machine.healthy = true;
    }
  }

  private void hurt(Machine machine) {
    switch (random.nextInt(3)) {
      case 0 -> machine.ending = true;
      case 1 -> machine.healthy = false;
      default -> machine.state = Instances.State.STOPPED;
    }
  }

  private void check(String target, boolean faults) {
    Machine machine = machines.get(target.substring(target.indexOf(' ') + 1));
    switch (targets.get(target)) {
      case DRAINING -> targets.remove(target);
      case INITIAL, HEALTHY, UNHEALTHY, UNUSED -> {
        boolean up = machine.state == Instances.State.RUNNING && machine.healthy;
        boolean answers = up && !(faults && random.nextInt(20) == 0);
        targets.put(target, answers ? Targets.Health.HEALTHY : Targets.Health.UNHEALTHY);
      }
    }
  }

  /** What a look at an instance tells its group. */
  List<GroupEvent> look(Member member) {
    List<GroupEvent> events = new ArrayList<>();
    Machine machine = machines.get(member.id());
    events.add(new GroupEvent.Seen(member.id(), machine.state, machine.healthy));
    member
        .targets()
        .keySet()
        .forEach(arn ->
            events.add(
                new GroupEvent.TargetSeen(
                    member.id(), arn, Optional.ofNullable(targets.get(arn + " " + member.id())))));
    return events;
  }
}
