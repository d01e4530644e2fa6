package dev.esteira.edge.elb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.edge.elb.HealthMachine.Command;
import dev.esteira.edge.elb.HealthMachine.Event;
import dev.esteira.edge.elb.HealthMachine.Outcome;
import dev.esteira.edge.elb.HealthState.Status;
import dev.esteira.edge.elb.LoadBalancers.HealthCheck;
import dev.esteira.edge.elb.LoadBalancers.Target;
import dev.esteira.edge.elb.Targets.Health;
import dev.esteira.edge.elb.Targets.TargetHealth;
import dev.esteira.store.Machine.Step;
import dev.esteira.store.Simulation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HealthMachineTest {
  private static final HealthCheck CHECK =
      new HealthCheck(true, "HTTP", "traffic-port", "/", 5, 2, 3, 2, "200");
  private static final Target A = new Target("i-a", 80);
  private static final Target B = new Target("i-b", 80);
  private static final Outcome PASSED = new Outcome.Passed();
  private static final Outcome FAILED = new Outcome.Failed("Target.Timeout", "Request timed out");

  private final HealthMachine machine = new HealthMachine();
  private final Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private HealthState state = new HealthState(CHECK, 30, true, Map.of());
  private List<Command> commands = List.of();

  private void step(Event... events) {
    for (Event event : events) {
      Step<HealthState, Command> step = machine.step(state, event, now);
      state = step.state();
      commands = step.commands();
    }
  }

  private static Event checked(Target target, Outcome outcome) {
    return new Event.Checked(HealthState.key(target), outcome, true);
  }

  private TargetHealth health(Target target) {
    return state.health(state.members().get(HealthState.key(target)));
  }

  @Test
  void oneCheckMakesANewTargetHealthyAndThresholdsCountAfterThat() {
    step(new Event.Registered(List.of(A)));
    assertEquals("Elb.RegistrationInProgress", health(A).reason());
    step(checked(A, FAILED));
    assertEquals("Elb.InitialHealthChecking", health(A).reason());
    step(checked(A, PASSED));
    assertEquals(Health.HEALTHY, health(A).health());
    step(checked(A, FAILED));
    assertEquals(Health.HEALTHY, health(A).health(), "one failure is not two");
    step(checked(A, PASSED), checked(A, FAILED), checked(A, FAILED));
    assertEquals(
        new TargetHealth(Health.UNHEALTHY, "Target.Timeout", "Request timed out"), health(A));
    step(checked(A, PASSED), checked(A, PASSED));
    assertEquals(Health.UNHEALTHY, health(A).health());
    step(checked(A, FAILED), checked(A, PASSED), checked(A, PASSED));
    assertEquals(Health.UNHEALTHY, health(A).health(), "three in a row are asked for");
    step(checked(A, PASSED));
    assertEquals(Health.HEALTHY, health(A).health());
  }

  @Test
  void checksInBetweenCanOnlyHelpANewTarget() {
    step(new Event.Registered(List.of(A)));
    HealthState before = state;
    for (int i = 0; i < 10; i++) {
      step(new Event.Checked(HealthState.key(A), FAILED, false));
    }
    assertEquals(before, state, "nothing to record");
    step(new Event.Checked(HealthState.key(A), PASSED, false));
    assertEquals(List.of(HealthState.key(A)), state.serving());
  }

  @Test
  void trafficGoesToTheHealthyAndToAllUnhealthyOnesWhenNoneIs() {
    step(new Event.Registered(List.of(A, B)), checked(A, PASSED));
    assertEquals(List.of(HealthState.key(A)), state.serving());
    step(checked(B, FAILED), checked(B, FAILED), checked(A, FAILED), checked(A, FAILED));
    assertEquals(List.of(HealthState.key(A), HealthState.key(B)), state.serving());
    step(checked(B, PASSED), checked(B, PASSED), checked(B, PASSED));
    assertEquals(List.of(HealthState.key(B)), state.serving());
    step(checked(B, new Outcome.Nobody("Target is in the stopped state")));
    assertEquals("Target.InvalidState", health(B).reason());
    assertEquals(List.of(HealthState.key(A)), state.serving());
  }

  @Test
  void aTargetDrainsUntilItsConnectionsEndAndComesBackWhenItIsRegisteredAgain() {
    step(new Event.Registered(List.of(A)), checked(A, PASSED));
    step(new Event.Deregistered(List.of(A)));
    assertEquals("Target.DeregistrationInProgress", health(A).reason());
    Instant until = now.plusSeconds(30);
    assertTrue(commands.contains(new Command.Drain(HealthState.key(A), until)));
    assertTrue(commands.contains(new Command.Rotate()));
    step(new Event.Registered(List.of(A)), new Event.Drained(HealthState.key(A), until));
    assertEquals(Health.INITIAL, health(A).health(), "what drained is another registration");
    step(new Event.Deregistered(List.of(A)), new Event.Drained(HealthState.key(A), until));
    assertTrue(state.members().isEmpty());
    assertTrue(commands.stream().anyMatch(each -> each instanceof Command.Tell));
  }

  @Test
  void anUnusedGroupChecksNobodyAndDrainsNobody() {
    step(new Event.Registered(List.of(A, B)), new Event.Used(false));
    assertEquals("Target.NotInUse", health(A).reason());
    step(checked(A, PASSED), new Event.Deregistered(List.of(B)));
    assertEquals(List.of(HealthState.key(A)), List.copyOf(state.members().keySet()));
    assertTrue(state.serving().isEmpty());
    step(new Event.Used(true));
    assertEquals("Elb.RegistrationInProgress", health(A).reason());
  }

  /** What the balancer and the listeners were last told. */
  private static final class World implements Simulation.World<Event, Command> {
    private static HealthState latest = new HealthState(CHECK, 1, true, Map.of());
    private List<String> rotation = List.of();
    private final Map<String, TargetHealth> told = new HashMap<>();

    @Override
    public List<Event> carryOut(Command command, Random random) {
      return switch (command) {
        case Command.Rotate() -> {
          rotation = latest.serving();
          yield List.of();
        }
        case Command.Drain(String key, Instant until) -> List.of(new Event.Drained(key, until));
        case Command.Tell(String target, TargetHealth health) -> {
          told.put(target, health);
          yield List.of();
        }
      };
    }
  }

  private static List<Event> anyEvents(long seed) {
    Random random = new Random(seed);
    List<Target> targets = List.of(A, B, new Target("i-c", 80));
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      Target target = targets.get(random.nextInt(3));
      events.add(
          switch (random.nextInt(8)) {
            case 0, 1 -> new Event.Registered(List.of(target));
            case 2 -> new Event.Deregistered(List.of(target));
            case 3 -> new Event.Used(random.nextInt(4) > 0);
            case 4 -> new Event.Configured(CHECK, random.nextInt(2) * 30);
            default -> checked(target, random.nextBoolean() ? PASSED : FAILED);
          });
    }
    return events;
  }

  @Test
  void afterAnyHistoryTrafficAndListenersAreAsTheStateSays() {
    for (long seed = 0; seed < 3_000; seed++) {
      World.latest = new HealthState(CHECK, 1, true, Map.of());
      new Simulation<HealthState, Event, Command, World>(machine, HealthMachine.TYPES, World::new)
          .begin(World.latest, anyEvents(seed))
          .lanes(command ->
              switch (command) {
                case Command.Rotate() -> "rotate";
                case Command.Drain drain -> "drain/" + drain.key();
                case Command.Tell _ -> "tell";
              })
          .always(HealthMachineTest::check)
          .atRest(HealthMachineTest::checkRest)
          .trouble(15)
          .replay(seed);
    }
  }

  private static void check(HealthState state) {
    World.latest = state;
    for (String key : state.serving()) {
      Status status = state.members().get(key).status();
      assertFalse(
          status instanceof Status.Draining || status instanceof Status.Initial,
          () -> key + " serves and is " + status);
    }
  }

  private static void checkRest(HealthState state, World world) {
    if (state.used()) {
      assertEquals(state.serving(), world.rotation);
    }
    state
        .members()
        .forEach((key, member) -> {
          assertFalse(member.status() instanceof Status.Draining, "nobody drains for ever");
          assertEquals(state.health(member), world.told.get(member.target().id()));
        });
  }
}
