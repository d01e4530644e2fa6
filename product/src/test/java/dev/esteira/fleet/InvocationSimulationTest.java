package dev.esteira.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.fleet.Invocation.Status;
import dev.esteira.store.MachineHost;
import dev.esteira.store.Simulation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Scripts in instances, crashed at every transition: none runs twice, each is told of once. */
class InvocationSimulationTest {
  private static final int SEEDS = 2_000;
  private static final int LATE = 124;
  private static final Invocation ASKED =
      new Invocation(
          "c",
          "i-1",
          "true",
          "/",
          60,
          Status.IN_PROGRESS,
          Instant.EPOCH,
          Optional.empty(),
          Optional.empty(),
          "",
          "");

  /** A machine, on which a script leaves what became of it. */
  private static final class World
      implements Simulation.World<InvocationMachine.Event, InvocationMachine.Command> {
    private int begun;
    private int exitCode;
    private boolean stopped;

    @Override
    public List<InvocationMachine.Event> carryOut(
        InvocationMachine.Command command, Random random) {
      return switch (command) {
        case InvocationMachine.Run _ -> {
          if (begun == 0) {
            begun++;
            exitCode = List.of(0, 3, LATE).get(random.nextInt(3));
          }
          yield List.of(
              exitCode == LATE
                  ? new InvocationMachine.Late("out", "")
                  : new InvocationMachine.Ended(exitCode, "out", ""));
        }
        case InvocationMachine.Stop _ -> {
          stopped = true;
          yield List.of();
        }
      };
    }
  }

  private static Simulation<Invocation, InvocationMachine.Event, InvocationMachine.Command, World>
      scripts(List<InvocationMachine.Event> events) {
    return new Simulation<>(
            new InvocationMachine(),
            new MachineHost.Types<>(
                Invocation.class, InvocationMachine.Event.class, InvocationMachine.Command.class),
            World::new)
        .lanes(command -> command.getClass().getSimpleName())
        .gaveUp((command, attempts) ->
            command instanceof InvocationMachine.Run
                ? Optional.of(new InvocationMachine.Lost("why"))
                : Optional.empty())
        .begin(ASKED, events);
  }

  private static void isWhatItSays(Invocation invocation, World world) {
    assertTrue(invocation.ended(), "" + invocation);
    switch (invocation.status()) {
      case SUCCESS -> assertTrue(world.begun == 1 && world.exitCode == 0);
      case FAILED ->
          assertEquals(
              invocation.error().equals("why") ? Optional.empty() : Optional.of(3),
              invocation.exitCode());
      case TIMED_OUT -> assertEquals(LATE, world.exitCode);
      case CANCELLED -> assertEquals(Optional.empty(), invocation.exitCode());
      case IN_PROGRESS -> throw new AssertionError("at rest in progress");
    }
  }

  @Test
  void everyScriptEndsAsItIsToldToHave() {
    scripts(List.of(new InvocationMachine.Asked()))
        .atRest(InvocationSimulationTest::isWhatItSays)
        .run(SEEDS);
  }

  @Test
  void whatIsCancelledIsStopped() {
    scripts(List.of(new InvocationMachine.Asked(), new InvocationMachine.CancelAsked()))
        .gaveUp((command, attempts) -> Optional.empty())
        .atRest((invocation, world) -> {
          isWhatItSays(invocation, world);
          assertEquals(invocation.status() == Status.CANCELLED, world.stopped);
        })
        .run(SEEDS);
  }
}
