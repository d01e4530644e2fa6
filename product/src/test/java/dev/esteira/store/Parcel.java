package dev.esteira.store;

import dev.esteira.store.Machine.Step;
import dev.esteira.store.MachineHost.Types;
import java.time.Instant;
import java.util.List;

/**
 * A small machine for tests: a parcel is packed, sent, and given up when nobody signs in time.
 *
 * <pre>
 * Open --Order--> Packed --Carried--> OnTheWay --Signed--> Done
 *                                        |------Late-----> Lost
 * </pre>
 */
sealed interface Parcel {
  record Open() implements Parcel {}

  record Packed(String to) implements Parcel {}

  record OnTheWay(String to, Instant since) implements Parcel {}

  record Done() implements Parcel {}

  record Lost() implements Parcel {}

  /** What happens to it. */
  sealed interface Event {
    record Order(String to) implements Event {}

    record Carried() implements Event {}

    record Signed() implements Event {}

    record Late() implements Event {}
  }

  /** What is to be done. */
  sealed interface Command {
    record Carry(String to) implements Command {}

    record Refund() implements Command {}

    record Patience(Instant due) implements Command, Timer<Event> {
      @Override
      public String timer() {
        return "patience";
      }

      @Override
      public Event event() {
        return new Event.Late();
      }
    }
  }

  Types<Parcel, Event, Command> TYPES = new Types<>(Parcel.class, Event.class, Command.class);

  /** The longest that a parcel may be on its way. */
  int PATIENCE_SECONDS = 60;

  static Step<Parcel, Command> step(Parcel state, Event event, Instant now) {
    return switch (event) {
      case Event.Order(String to) when state instanceof Open ->
          new Step<>(new Packed(to), List.of(new Command.Carry(to)));
      case Event.Carried() when state instanceof Packed(String to) ->
          new Step<>(
              new OnTheWay(to, now),
              List.of(new Command.Patience(now.plusSeconds(PATIENCE_SECONDS))));
      case Event.Signed() when state instanceof OnTheWay -> new Step<>(new Done(), List.of());
      case Event.Late() when state instanceof OnTheWay ->
          new Step<>(new Lost(), List.of(new Command.Refund()));
      case Event.Order _, Event.Carried _, Event.Signed _, Event.Late _ ->
          new Step<>(state, List.of());
    };
  }
}
