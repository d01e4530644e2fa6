/**
 * The Kubernetes API: objects, discovery, patches, watches, tables.
 *
 * <p>Critical file: {@code ClusterApi}.
 */
@NullMarked
package dev.esteira.cluster;

import org.jspecify.annotations.NullMarked;
