/**
 * The container engine: its daemons, its API, image names.
 *
 * <p>Critical file: {@code Engine}. Only speaker to the engine's socket.
 */
@NullMarked
package dev.esteira.engine;

import org.jspecify.annotations.NullMarked;
