package dev.esteira.fleet;

import dev.esteira.store.Timer;
import java.time.Instant;

/** What hands do for an instance; each twice is as once. */
sealed interface LifeCommand {
  /** Makes sure that its init runs, with interface, Docker API and public address. */
  record Boot(int boot) implements LifeCommand {}

  /** Ends its init, in order, and the containers that it started; keeps its disk. */
  record Halt(int boot) implements LifeCommand {}

  /** Ends what its dead init left running. */
  record Sweep(int boot) implements LifeCommand {}

  /** Removes all of it. */
  record Clear() implements LifeCommand {}

  /** Takes it out of the book. */
  record Forget() implements LifeCommand {}

  /** Delivers an event later. */
  record Later(String timer, Instant due, LifeEvent event)
      implements LifeCommand, Timer<LifeEvent> {}
}
