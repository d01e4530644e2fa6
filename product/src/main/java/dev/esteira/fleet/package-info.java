/**
 * Machines: images, instances, elastic addresses, the metadata service.
 *
 * <p>Promises: an instance is a state machine that goes on after a restart ({@code LifeMachine});
 * machines themselves go on when this process is gone, and find the same metadata service again;
 * what is terminated is told of for an hour, as on EC2.
 *
 * <p>Critical file: {@code Instances}.
 */
@NullMarked
package dev.esteira.fleet;

import org.jspecify.annotations.NullMarked;
