/**
 * The OCI distribution API over the blob store, and the fast way in for our own engine.
 *
 * <p>Promises: a manifest is taken only when all that it names is there; a tag moves at once and
 * its listeners hear of it; errors have the codes of the specification.
 *
 * <p>Critical file: {@code Registry}.
 */
@NullMarked
package dev.esteira.registry;

import org.jspecify.annotations.NullMarked;
