package dev.esteira.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.fleet.Life.Phase;
import dev.esteira.net.vpc.Vpcs;
import dev.esteira.store.MachineHost;
import dev.esteira.store.Simulation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Lives of instances, crashed at every transition: nothing leaks, and what should run runs. */
class LifeSimulationTest {
  private static final int SEEDS = 1_000;
  private static final Vpcs.Interface NETWORK =
      new Vpcs.Interface(
          "eni-1",
          "instance/i-1",
          "vpc-1",
          "subnet-1",
          "a",
          "10.0.0.5",
          "10.9.0.1",
          "02",
          List.of());

  /** What hands leave on a machine. */
  private static final class World implements Simulation.World<LifeEvent, LifeCommand> {
    boolean made;
    boolean runs;
    boolean children;
    boolean network = true;
    boolean forgotten;

    @Override
    public List<LifeEvent> carryOut(LifeCommand command, Random random) {
      return switch (command) {
        case LifeCommand.Boot c -> boot(c.boot(), random);
        case LifeCommand.Halt c -> {
          runs = false;
          children = false;
          yield List.of(new LifeEvent.Halted(c.boot()));
        }
        case LifeCommand.Sweep _ -> {
          children = false;
          yield List.of();
        }
        case LifeCommand.Clear _ -> {
          made = false;
          runs = false;
          children = false;
          network = false;
          yield List.of(new LifeEvent.Cleared());
        }
        case LifeCommand.Forget _ -> {
          forgotten = true;
          yield List.of();
        }
        case LifeCommand.Later _ -> List.of();
      };
    }

    private List<LifeEvent> boot(int boot, Random random) {
      made = true;
      runs = true;
      children = true;
      List<LifeEvent> events = new ArrayList<>(List.of(new LifeEvent.Booted(boot)));
      if (random.nextInt(5) == 0) {
        runs = false;
        LifeEvent.End[] ends = LifeEvent.End.values();
        events.add(new LifeEvent.InitEnded(boot, ends[random.nextInt(ends.length)]));
      }
      return events;
    }
  }

  private static Life claimed(boolean endsOnShutdown) {
    return new Life(
        "i-1",
        "r-1",
        "token",
        "user",
        Phase.CLAIMED,
        0,
        false,
        new Instances.Template(
            "ami-1",
            "t3.micro",
            Optional.empty(),
            new byte[0],
            Optional.empty(),
            false,
            new Vpcs.Wanted(Optional.empty(), List.of(), Optional.empty(), Optional.empty())),
        new LiveInstances.Setup(endsOnShutdown, false, false, true),
        Map.of(),
        Optional.empty(),
        Instant.EPOCH,
        Optional.empty(),
        "");
  }

  private static Simulation<Life, LifeEvent, LifeCommand, World> lives(
      boolean endsOnShutdown, List<LifeEvent> events) {
    List<LifeEvent> all = new ArrayList<>(List.of(new LifeEvent.Claimed(NETWORK)));
    all.addAll(events);
    return new Simulation<>(
            new LifeMachine(),
            new MachineHost.Types<>(Life.class, LifeEvent.class, LifeCommand.class),
            World::new)
        .gaveUp((command, attempts) ->
            switch (command) {
              case LifeCommand.Boot c -> Optional.of(new LifeEvent.BootFailed(c.boot(), "why"));
              case LifeCommand.Halt _, LifeCommand.Clear _ ->
                  Optional.of(new LifeEvent.EndFailed());
              case LifeCommand.Sweep _, LifeCommand.Forget _, LifeCommand.Later _ ->
                  Optional.empty();
            })
        .begin(claimed(endsOnShutdown), all);
  }

  private static void isWhatItSays(Life life, World world) {
    switch (life.phase()) {
      case RUNNING -> {
        assertTrue(world.made);
        if (life.healthy()) {
          assertTrue(world.runs, "healthy, but its init does not run");
        } else {
          assertFalse(world.children, "its containers outlived its init");
        }
        assertTrue(world.network);
      }
      case STOPPED -> {
        assertTrue(world.made, "a stopped one keeps its disk");
        assertFalse(world.runs || world.children);
      }
      case TERMINATED ->
          assertFalse(
              world.made || world.runs || world.children || world.network, "something is left");
      case CLAIMED, PENDING, STOPPING, SHUTTING_DOWN ->
          throw new AssertionError("at rest in " + life.phase());
    }
  }

  @Test
  void whateverIsAskedAndWhateverDiesAnInstanceIsWhatItSays() {
    List<List<LifeEvent>> asked =
        List.of(
            List.of(),
            List.of(new LifeEvent.StopAsked("s"), new LifeEvent.StartAsked()),
            List.of(new LifeEvent.RebootAsked(), new LifeEvent.HouseStarted()),
            List.of(
                new LifeEvent.StopAsked("s"),
                new LifeEvent.StartAsked(),
                new LifeEvent.RebootAsked(),
                new LifeEvent.HouseStarted(),
                new LifeEvent.StopAsked("s")));
    for (List<LifeEvent> events : asked) {
      for (boolean ends : new boolean[] {true, false}) {
        lives(ends, events).atRest(LifeSimulationTest::isWhatItSays).run(SEEDS);
      }
    }
  }

  @Test
  void aTerminatedInstanceLeavesNothingWhateverWentBefore() {
    List<LifeEvent> events =
        List.of(
            new LifeEvent.RebootAsked(),
            new LifeEvent.StopAsked("s"),
            new LifeEvent.HouseStarted(),
            new LifeEvent.StartAsked(),
            new LifeEvent.TerminateAsked("t"),
            new LifeEvent.TerminateAsked("t"),
            new LifeEvent.StartAsked(),
            new LifeEvent.RebootAsked());
    lives(false, events)
        .atRest((life, world) -> {
          assertEquals(Phase.TERMINATED, life.phase());
          isWhatItSays(life, world);
        })
        .run(SEEDS);
  }
}
