package dev.esteira.fleet.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.EsteiraException;
import dev.esteira.fleet.Instances;
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
  private final Map<Long, GroupCommand> outbox = new LinkedHashMap<>();
  private final Deque<String> trace = new ArrayDeque<>();
  private Optional<Instant> wakeAt = Optional.empty();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private GroupState state;
  private long commands;
  private boolean faults = true;
  private int refreshes;
  private final boolean tracing;

  /** With {@code tracing} it remembers what happened, which takes its time. */
  GroupSimulation(long seed, boolean tracing) {
    this.tracing = tracing;
    random = new Random(seed);
    world = new GroupWorld(random);
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
    calm();
    settle("the wish", () -> whole(current()));
    checkServing();
    ask(new GroupRequest.Delete(true));
    settle("deletion", () -> current().members().isEmpty() && outbox.isEmpty());
    checkNothingLeft();
  }

  /** What people switched off is on again, and hooks are gone. */
  private void calm() {
    ask(new GroupRequest.Resume(List.of()));
    current().hooks().forEach(hook -> ask(new GroupRequest.DeleteHook(hook.name())));
    current().members().stream()
        .flatMap(m -> m.instanceId().stream())
        .forEach(id -> ask(new GroupRequest.Protect(List.of(id), false)));
    List<String> ids =
        current().members().stream()
            .filter(m -> m.lifecycle() == Lifecycle.STANDBY)
            .map(Member::id)
            .toList();
    world.users.addAll(ids);
    ask(new GroupRequest.Detach(ids, false));
  }

  private void chance() {
    switch (random.nextInt(14)) {
      case 0 -> request();
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
      note(now + " " + why + ": " + event + " -> " + shown(step.state()) + " " + told);
    }
    for (GroupCommand command : step.commands()) {
      if (command instanceof GroupCommand.Wake(Instant due)) {
        wakeAt = Optional.of(due);
      } else if (!(command instanceof GroupCommand.Note)) {
        outbox.put(commands++, command);
      }
    }
    check(step.state());
  }

  private static String shown(GroupState state) {
    StringBuilder text = new StringBuilder("desired " + state.desired() + " [");
    for (Member m : state.members()) {
      text.append(m.slot()).append('=').append(m.id()).append(' ').append(m.lifecycle());
      text.append(m.outgoing().isPresent() ? " leaving, " : ", ");
    }
    return text.append(']').toString();
  }

  /** Holds after every step. */
  private void check(GroupState after) {
    GroupSettings settings = after.settings();
    long stays = after.members().stream().filter(Member::stays).count();
    boolean held = settings.rests("Terminate");
    long firm =
        after.members().stream()
            .filter(m -> m.stays() && (m.protectedFromScaleIn() || held))
            .count();
    long coming =
        after.members().stream().filter(m -> m.lifecycle() == Lifecycle.REQUESTED).count();
    assertTrue(
        stays <= settings.max() + Math.max(firm, 0) + coming || after.deleting(),
        "more than max: " + shown(after));
    assertTrue(after.desired() <= settings.max() || after.deleting(), "desired above max");
    Instant launchAfter = after.book().launchAfter().orElse(Instant.MIN);
    boolean mayLaunch = !settings.rests("Launch") && !after.deleting();
    if (mayLaunch && !launchAfter.isAfter(now)) {
      assertTrue(stays >= settings.min(), "below min, and nothing is launched: " + shown(after));
    }
    long serving =
        world.machines.values().stream()
            .filter(m -> m.alive() && !m.ending && m.ours && !world.users.contains(m.id))
            .filter(m -> after.member(m.id).map(x -> x.lifecycle().counts()).orElse(true))
            .count();
    long leaving = after.members().stream().filter(m -> m.outgoing().isPresent()).count();
    long standing =
        after.members().stream().filter(m -> m.lifecycle() == Lifecycle.STANDBY).count();
    assertTrue(
        serving <= settings.max() + leaving + standing + firm + unfinished() || after.deleting(),
        serving + " machines, more than max: " + shown(after));
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

  private Optional<Member> any() {
    List<Member> members =
        current().members().stream().filter(m -> m.instanceId().isPresent()).toList();
    return members.isEmpty()
        ? Optional.empty()
        : Optional.of(members.get(random.nextInt(members.size())));
  }

  private void look() {
    any().ifPresent(member -> world.look(member).forEach(event -> deliver(event, "looked")));
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

  private void request() {
    GroupState before = current();
    int min = before.settings().min();
    String id = any().map(Member::id).orElse("i-none");
    switch (random.nextInt(18)) {
      case 0, 1 -> ask(new GroupRequest.SetDesired(random.nextInt(7), false));
      case 2 -> {
        int most = min + random.nextInt(5);
        ask(
            new GroupRequest.Update(
                GroupChange.size(
                    Optional.of(random.nextInt(most + 1)), Optional.of(most), Optional.empty())));
      }
      case 3 -> ask(new GroupRequest.TerminateInstance(id, random.nextBoolean()));
      case 4, 5 -> userTerminates(id);
      case 6 -> ask(new GroupRequest.EnterStandby(List.of(id), random.nextBoolean()));
      case 7 -> ask(new GroupRequest.ExitStandby(List.of(id)));
      case 8 -> detach(id);
      case 9 -> ask(new GroupRequest.SetHealth(id, false, false));
      case 10 -> ask(new GroupRequest.Protect(List.of(id), random.nextBoolean()));
      case 11, 12 ->
          ask(new GroupRequest.StartRefresh("r" + refreshes++, wish(), Optional.empty()));
      case 13 -> ask(new GroupRequest.CancelRefresh());
      case 14 ->
          ask(
              new GroupRequest.PutHook(
                  new Hook("h" + random.nextInt(2), random.nextBoolean(), 60, true, "", "", "")));
      case 15 ->
          ask(
              new GroupRequest.CompleteHook(
                  "h" + random.nextInt(2),
                  Optional.empty(),
                  Optional.of(id),
                  random.nextBoolean()));
      case 16 -> ask(new GroupRequest.Suspend(List.of(process())));
      default -> ask(new GroupRequest.Resume(List.of()));
    }
  }

  private String process() {
    return Requests.PROCESSES.get(random.nextInt(Requests.PROCESSES.size()));
  }

  private Refresh.Preferences wish() {
    return new Refresh.Preferences(
        random.nextInt(3) * 50,
        100 + random.nextInt(2) * 50,
        Optional.of(random.nextInt(30)),
        false,
        false,
        random.nextInt(4) == 0 ? List.of(50) : List.of(),
        30,
        "Refresh",
        "Wait");
  }

  private void userTerminates(String id) {
    if (current().settings().replaceFirst()) {
      if (world.addressAt.isEmpty() && world.machines.containsKey(id)) {
        world.addressAt = Optional.of(id);
      }
      ask(new GroupRequest.ReplaceFirst(id));
    } else {
      Optional.ofNullable(world.machines.get(id)).ifPresent(m -> m.ending = true);
    }
  }

  private void detach(String id) {
    world.users.add(id);
    ask(new GroupRequest.Detach(List.of(id), random.nextBoolean()));
    if (current().member(id).isPresent()) {
      world.users.remove(id);
    }
  }

  /** Without faults everything comes to rest, in the time that the rules give. */
  private void settle(String what, java.util.function.BooleanSupplier done) {
    Instant begun = now;
    for (int i = 0; !done.getAsBoolean(); i++) {
      assertTrue(i < QUIET_ROUNDS_MAX, what + " never comes: " + shown(current()));
      assertTrue(
          Duration.between(begun, now).compareTo(START_MAX.multipliedBy(8)) < 0,
          what + " takes too long: " + shown(current()));
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

  private boolean whole(GroupState group) {
    return outbox.isEmpty()
        && group.members().size() == group.desired()
        && group.refreshes().stream().noneMatch(refresh -> refresh.status().open())
        && group.members().stream()
            .allMatch(m ->
                m.lifecycle() == Lifecycle.IN_SERVICE
                    && m.outgoing().isEmpty()
                    && alive(m.id())
                    && !world.targets.containsValue(dev.esteira.edge.elb.Targets.Health.DRAINING));
  }

  private boolean alive(String id) {
    GroupWorld.Machine it = world.machines.get(id);
    return it.state == Instances.State.RUNNING && it.healthy && !it.ending;
  }

  private void checkServing() {
    GroupState group = current();
    long alive =
        world.machines.values().stream()
            .filter(m -> m.alive() && !m.ending && !world.users.contains(m.id))
            .count();
    assertEquals(group.desired(), alive, "leaked or lost machines: " + shown(group));
    int known = group.members().stream().mapToInt(m -> m.targets().size()).sum();
    assertEquals(known, world.targets.size(), "targets left: " + world.targets);
  }

  private void checkNothingLeft() {
    assertTrue(
        world.machines.values().stream()
            .allMatch(m -> !m.alive() || m.ending || world.users.contains(m.id)),
        "a machine outlives its group");
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
