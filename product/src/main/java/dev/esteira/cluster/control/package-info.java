/**
 * Controllers of the cluster: rollouts, replicas, pods on the engine, endpoints.
 *
 * <p>Promises: controllers compare what is wanted with what is there, and may be stopped and
 * started at any moment; a pod gets traffic only while it is ready, and is drained before it is
 * told to end; all pods of a ReplicaSet run the digests that it was bound to.
 *
 * <p>{@code RolloutMachine} and {@code PodMachine} decide and are pure; {@code PodNeeds} says what
 * a pod's state needs done, {@code PodHands} do it, and {@code PodActor} lets one event at a time
 * through.
 *
 * <p>Critical file: {@code RolloutMachine}.
 */
@NullMarked
package dev.esteira.cluster.control;

import org.jspecify.annotations.NullMarked;
