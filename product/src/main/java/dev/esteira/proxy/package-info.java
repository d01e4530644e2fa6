/**
 * The Docker Engine API of one job, pod group or instance.
 *
 * <p>A client's call comes in by {@code OwnerDoor}, which knows the calls that exist. Names are
 * translated by {@code NameTranslation}; what a container may be is judged by {@code
 * ContainerPolicy} on the parsed body, and the engine gets what the policy wrote, never the
 * client's text. Whose a thing is, the engine itself knows, by name or label; the ledger keeps only
 * owners and their keys. Images of our own registry never travel by HTTP: {@code FastPush} and
 * {@code RegistryImages} carry them between the engine's files and the blob store.
 *
 * <p>Bind mounts are opened with {@code openat2(RESOLVE_IN_ROOT)} and bound by descriptor to a
 * private place ({@code BindStage}), so that a link swapped in after the check leads nowhere.
 *
 * <p>Critical file: {@code EngineProxy}.
 */
@NullMarked
package dev.esteira.proxy;

import org.jspecify.annotations.NullMarked;
