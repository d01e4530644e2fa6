/**
 * The Docker Engine API of one job, pod group or instance.
 *
 * <p>Critical file: {@code EngineProxy}.
 */
@NullMarked
package dev.esteira.proxy;

import org.jspecify.annotations.NullMarked;
