/**
 * The OCI distribution API over the blob store, and the fast way in for our own engine.
 *
 * <p>Critical file: {@code Registry}.
 */
@NullMarked
package dev.esteira.registry;

import org.jspecify.annotations.NullMarked;
