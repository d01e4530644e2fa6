/**
 * The readable list of features, wired by constructors.
 *
 * <p>Critical file: {@code Main}.
 */
@NullMarked
package dev.esteira.app;

import org.jspecify.annotations.NullMarked;
