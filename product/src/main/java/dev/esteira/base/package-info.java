/**
 * Ids, error codes, limits, JSON, YAML, digests and bounded subprocesses.
 *
 * <p>Promises: what is read from outside is bounded in size, depth and time; a failure says what
 * was tried, on what and why, and whose fault it is ({@code ErrorCode}).
 *
 * <p>Critical file: {@code Home}, the only class that makes paths.
 */
@NullMarked
package dev.esteira.base;

import org.jspecify.annotations.NullMarked;
