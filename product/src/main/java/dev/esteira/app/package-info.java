/**
 * The readable list of features, wired by constructors.
 *
 * <p>Promises: {@code House} is the order in which a home comes up, and each part adopts what it
 * finds running. What lies between two features and belongs to neither is here as well: {@code
 * PushStartsRun}, {@code StandIns}, {@code Toolchains}.
 *
 * <p>Critical file: {@code House}.
 */
@NullMarked
package dev.esteira.app;

import org.jspecify.annotations.NullMarked;
