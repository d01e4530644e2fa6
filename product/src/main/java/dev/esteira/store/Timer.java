package dev.esteira.store;

import java.time.Instant;

/**
 * A command that the host carries out itself: deliver an event at an instant. It is durable with
 * the step that decided it. A machine has one timer of each name; setting it again moves it. There
 * is no cancelling: a machine ignores an event that no longer makes sense.
 *
 * @param <E> event
 */
public interface Timer<E> {
  String timer();

  Instant due();

  E event();
}
