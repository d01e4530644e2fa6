/**
 * The web pages, and the REST door of the command line.
 *
 * <p>Critical file: {@code Console}.
 */
@NullMarked
package dev.esteira.console;

import org.jspecify.annotations.NullMarked;
