/**
 * The plan, the run machine and the job machine.
 *
 * <p>Critical file: {@code Runs}.
 */
@NullMarked
package dev.esteira.pipeline;

import org.jspecify.annotations.NullMarked;
