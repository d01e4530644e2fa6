/**
 * Controllers of the cluster: rollouts, replicas, pods on the engine, endpoints.
 *
 * <p>Critical file: {@code RolloutMachine}.
 */
@NullMarked
package dev.esteira.cluster.control;

import org.jspecify.annotations.NullMarked;
