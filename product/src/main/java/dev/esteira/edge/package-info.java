/**
 * Load balancing by HAProxy, whose configuration is static and whose servers change at run time.
 *
 * <p>Critical file: {@code Edge}.
 */
@NullMarked
package dev.esteira.edge;

import org.jspecify.annotations.NullMarked;
