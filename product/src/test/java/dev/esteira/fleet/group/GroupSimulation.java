package dev.esteira.fleet.group;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.EsteiraException;
import dev.esteira.store.StateJson;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;

/**
 * One history of a group by one seed: people ask, instances start, break and end, targets come and
 * go, the process is killed before, in the midst of and after everything that hands do, commands
 * are carried out twice, looks come late. The group's state and its outbox survive, nothing else.
 */
final class GroupSimulation {
  private static final int ACTIONS = 220;
  private static final int QUIET_ROUNDS_MAX = 6_000;
  private static final int TRACE_MAX = 60;
  private static final String ARN = "tg";
  private static final Duration START_MAX = Passages.START_MAX.plusMinutes(10);

  private final Random random;
  private final GroupMachine machine = new GroupMachine();
  private final GroupWorld world;
  private final GroupLaws laws;
  private final GroupUsers users;
  private final Map<Long, GroupCommand> outbox = new LinkedHashMap<>();
  private final Deque<String> trace = new ArrayDeque<>();
  private Optional<Instant> wakeAt = Optional.empty();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private GroupState state;
  private long commands;
  private boolean faults = true;
  private final boolean tracing;

  /** With {@code tracing} it remembers what happened, which takes its time. */
  GroupSimulation(long seed, boolean tracing) {
    this.tracing = tracing;
    random = new Random(seed);
    world = new GroupWorld(random);
    laws = new GroupLaws(world);
    users = new GroupUsers(random, world, this::current, this::ask);
    boolean targets = random.nextBoolean();
    int min = random.nextInt(3);
    int max = min + random.nextInt(4);
    GroupTag option = new GroupTag(GroupTag.TERMINATE, GroupTag.REPLACE_FIRST, false);
    state =
        new GroupState(
            GroupsTest.settings(
                min,
                max,
                targets ? List.of(ARN) : List.of(),
                random.nextBoolean() ? new GroupTag[] {option} : new GroupTag[0]),
            "0",
            now,
            min + random.nextInt(max - min + 1),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            false,
            GroupState.Book.NEW,
            List.of());
  }

  String trace() {
    return String.join("\n  ", trace);
  }

  private GroupState current() {
    return state;
  }

  void play() {
    ask(new GroupRequest.Begin());
    for (int i = 0; i < ACTIONS; i++) {
      now = now.plusMillis(random.nextInt(5_000));
      chance();
    }
    faults = false;
    users.calm();
    settle("the wish", () -> outbox.isEmpty() && laws.whole(current()));
    laws.checkServing(current());
    ask(new GroupRequest.Delete(true));
    settle("deletion", () -> current().members().isEmpty() && outbox.isEmpty());
    laws.checkNothingLeft();
  }

  private void chance() {
    switch (random.nextInt(14)) {
      case 0 -> users.request();
      case 1, 2, 3, 4, 5 -> act();
      case 6, 7, 8 -> world.go(faults);
      case 9, 10, 11 -> look();
      case 12 -> fire();
      default -> {
        if (random.nextInt(4) == 0) {
          now = now.plusSeconds(random.nextInt(400));
        }
        found();
      }
    }
  }

  private void ask(GroupRequest request) {
    try {
      deliver(request, "asked");
    } catch (EsteiraException e) {
      note("refused " + request + ": " + e.text());
    }
  }

  private void deliver(GroupEvent event, String why) {
    boolean written = random.nextInt(20) == 0;
    GroupEvent read = written ? StateJson.read(StateJson.write(event), GroupEvent.class) : event;
    var step = machine.step(state, read, now);
    state =
        written ? StateJson.read(StateJson.write(step.state()), GroupState.class) : step.state();
    if (tracing) {
      List<GroupCommand> told =
          step.commands().stream().filter(c -> !(c instanceof GroupCommand.Note)).toList();
      note(now + " " + why + ": " + event + " -> " + GroupLaws.shown(step.state()) + " " + told);
    }
    for (GroupCommand command : step.commands()) {
      if (command instanceof GroupCommand.Wake(Instant due)) {
        wakeAt = Optional.of(due);
      } else if (!(command instanceof GroupCommand.Note)) {
        outbox.put(commands++, command);
      }
    }
    laws.check(step.state(), now, unfinished());
  }

  /** Machines whose end is decided but not yet carried out, or that were decided against. */
  private long unfinished() {
    return outbox.values().stream()
        .filter(c -> c instanceof GroupCommand.Terminate || c instanceof GroupCommand.Launch)
        .count();
  }

  private void act() {
    Map<String, Long> heads = new HashMap<>();
    outbox.forEach((id, body) -> heads.putIfAbsent(lane(body), id));
    if (heads.isEmpty()) {
      return;
    }
    List<Long> ids = heads.values().stream().sorted().toList();
    long id = ids.get(random.nextInt(ids.size()));
    GroupCommand command = Objects.requireNonNull(outbox.get(id));
    if (command instanceof GroupCommand.Launch launch && !awaits(launch.slot())) {
      outbox.remove(id);
      return;
    }
    int trouble = faults ? random.nextInt(10) : 9;
    if (trouble == 0) {
      note("killed before " + command);
      return;
    }
    List<GroupEvent> events = world.carryOut(command, faults);
    if (trouble == 1) {
      note("killed after " + command + ", which will be carried out again");
      return;
    }
    events.forEach(event -> deliver(event, "from hands"));
    if (trouble == 2) {
      note("killed after telling of " + command + ", which will be carried out again");
      return;
    }
    outbox.remove(id);
  }

  private boolean awaits(long slot) {
    return current().members().stream()
        .anyMatch(m -> m.slot() == slot && m.lifecycle() == Lifecycle.REQUESTED);
  }

  private static String lane(GroupCommand command) {
    return switch (command) {
      case GroupCommand.Launch launch -> "slot-" + launch.slot();
      case GroupCommand.Terminate(String id, String _) -> id;
      case GroupCommand.Register(String id, String _) -> id;
      case GroupCommand.Deregister(String id, String _) -> id;
      case GroupCommand.MoveAddress(String from, String _) -> from;
      case GroupCommand.Mark mark -> mark.instanceId();
      case GroupCommand.Look _, GroupCommand.Note _, GroupCommand.Forget _ -> "rest";
      case GroupCommand.Wake _ -> throw new AssertionError("timers are the host's");
    };
  }

  private void look() {
    users.any().ifPresent(member -> world.look(member).forEach(event -> deliver(event, "looked")));
  }

  /** A machine that says it is the group's, as the lookout finds it. */
  private void found() {
    world.machines.values().stream()
        .filter(m -> m.alive() && m.ours && current().member(m.id).isEmpty())
        .filter(m -> !world.users.contains(m.id))
        .map(m -> m.id)
        .toList()
        .forEach(id -> deliver(new GroupEvent.Found(id), "found"));
  }

  private void fire() {
    if (wakeAt.isPresent() && (!wakeAt.get().isAfter(now) || random.nextInt(3) == 0)) {
      now = wakeAt.get().isAfter(now) ? wakeAt.get() : now;
      wakeAt = Optional.empty();
      deliver(new GroupEvent.Woke(), "timer");
    }
  }

  /** Without faults everything comes to rest, in the time that the rules give. */
  private void settle(String what, BooleanSupplier done) {
    Instant begun = now;
    for (int i = 0; !done.getAsBoolean(); i++) {
      assertTrue(i < QUIET_ROUNDS_MAX, what + " never comes: " + GroupLaws.shown(current()));
      assertTrue(
          Duration.between(begun, now).compareTo(START_MAX.multipliedBy(8)) < 0,
          what + " takes too long: " + GroupLaws.shown(current()));
      now = now.plusMillis(50);
      switch (random.nextInt(4)) {
        case 0 -> act();
        case 1 -> world.go(false);
        case 2 -> look();
        default -> {
          found();
          // Nothing is so late as a limit while looks still tell something.
          boolean due = wakeAt.isPresent() && !wakeAt.get().isAfter(now);
          if (due || (outbox.isEmpty() && random.nextInt(40) == 0)) {
            fire();
          }
        }
      }
    }
  }

  private void note(String what) {
    if (tracing) {
      trace.add(what);
    }
    if (trace.size() > TRACE_MAX) {
      trace.remove();
    }
  }
}
