package dev.esteira.store;

import java.time.Instant;
import java.util.List;

/**
 * A pure state machine: decide from state, event and time; never read a clock, a disk or a socket.
 *
 * @param <S> state, a record or sealed interface that Jackson writes and reads
 * @param <E> event
 * @param <C> command, for hands to carry out idempotently; the answer comes back as an event
 */
public interface Machine<S, E, C> {
  /** What a step decided: the state to record and the commands to carry out once it is durable. */
  record Step<S, C>(S state, List<C> commands) {
    public Step {
      commands = List.copyOf(commands);
    }
  }

  /** Decides. An event that makes no sense in this state leaves it as it is, without commands. */
  Step<S, C> step(S state, E event, Instant now);
}
