/**
 * The commands.
 *
 * <p>Critical file: {@code EsteiraCommand}.
 */
@NullMarked
package dev.esteira.cli;

import org.jspecify.annotations.NullMarked;
