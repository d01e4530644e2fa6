package dev.esteira.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SimulationTest {
  /** Counts effects by what they are for, as idempotent hands do. */
  private static final class Post implements Simulation.World<Parcel.Event, Parcel.Command> {
    private boolean carried;
    private boolean refunded;

    @Override
    public List<Parcel.Event> carryOut(Parcel.Command command, Random random) {
      return switch (command) {
        case Parcel.Command.Carry _ -> {
          carried = true;
          yield List.of(new Parcel.Event.Carried());
        }
        case Parcel.Command.Refund _ -> {
          refunded = true;
          yield List.of();
        }
        case Parcel.Command.Patience _ -> throw new AssertionError("timers are the host's");
      };
    }
  }

  private static Simulation<Parcel, Parcel.Event, Parcel.Command, Post> simulation(
      Machine<Parcel, Parcel.Event, Parcel.Command> machine) {
    return new Simulation<>(machine, Parcel.TYPES, Post::new)
        .begin(
            new Parcel.Open(), List.of(new Parcel.Event.Order("Ana"), new Parcel.Event.Signed()));
  }

  @Test
  void everyParcelEndsInEveryHistory() {
    simulation(Parcel::step)
        .atRest((state, post) -> {
          assertTrue(state instanceof Parcel.Done || state instanceof Parcel.Lost, "" + state);
          assertTrue(post.carried);
          assertEquals(state instanceof Parcel.Lost, post.refunded);
        })
        .run(5_000);
  }

  @Test
  void aMachineThatForgetsItsTimerIsFoundAndTheSeedReplays() {
    Machine<Parcel, Parcel.Event, Parcel.Command> careless =
        (state, event, now) -> {
          var step = Parcel.step(state, event, now);
          return step.state() instanceof Parcel.OnTheWay
              ? new Machine.Step<>(step.state(), List.of())
              : step;
        };
    var simulation =
        simulation(careless)
            .atRest((state, post) -> assertTrue(state instanceof Parcel.Done, "" + state));
    AssertionError found = assertThrows(AssertionError.class, () -> simulation.run(5_000));
    String text = String.valueOf(found.getMessage());
    long seed = Long.parseLong(text.substring(5, text.indexOf(':')));
    AssertionError again = assertThrows(AssertionError.class, () -> simulation.replay(seed));
    assertEquals(text, again.getMessage());
  }
}
