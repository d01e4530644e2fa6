/**
 * The plan, the run machine and the job machine.
 *
 * <p>Promises: whichever dialect a run came from, it is one {@code Plan} from here on; {@code
 * RunMachine} and {@code JobMachine} decide and are pure; a run that was recorded goes on after a
 * restart, and a step that was acknowledged does not run twice within an attempt.
 *
 * <p>Critical file: {@code Runs}.
 */
@NullMarked
package dev.esteira.pipeline;

import org.jspecify.annotations.NullMarked;
