/**
 * Repositories over smart HTTP.
 *
 * <p>Promises: listeners hear of every push that was accepted, and what they say is part of the
 * push's answer, so it reaches the person who pushed.
 *
 * <p>Critical file: {@code Repositories}. Only importer of JGit.
 */
@NullMarked
package dev.esteira.git;

import org.jspecify.annotations.NullMarked;
