/**
 * The container engine: its daemons, its API, image names.
 *
 * <p>Promises: the daemons are sessions of their own, which outlive this process and are adopted by
 * the next; a failed call says what was asked of the engine and what it answered; every wait has an
 * end.
 *
 * <p>Critical file: {@code Engine}. Only speaker to the engine's socket.
 */
@NullMarked
package dev.esteira.engine;

import org.jspecify.annotations.NullMarked;
