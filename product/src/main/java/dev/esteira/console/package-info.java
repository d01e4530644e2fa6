/**
 * The web pages, and the REST door of the command line.
 *
 * <p>Promises: the page of a run is reached by its unguessable address, and never from inside a
 * sandbox; all else asks for a token; the REST door answers errors as JSON with a code, a message
 * and what to try next.
 *
 * <p>Critical file: {@code Console}.
 */
@NullMarked
package dev.esteira.console;

import org.jspecify.annotations.NullMarked;
