/**
 * Ids, error codes, limits, JSON, YAML, digests and bounded subprocesses.
 *
 * <p>Critical file: {@code Home}, the only class that makes paths.
 */
@NullMarked
package dev.esteira.base;

import org.jspecify.annotations.NullMarked;
