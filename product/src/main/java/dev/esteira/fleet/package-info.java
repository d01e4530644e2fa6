/**
 * Machines: images, instances, elastic addresses, the metadata service.
 *
 * <p>Critical file: {@code Instances}.
 */
@NullMarked
package dev.esteira.fleet;

import org.jspecify.annotations.NullMarked;
