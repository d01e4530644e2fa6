/**
 * The Kubernetes API: objects, discovery, patches, watches, tables.
 *
 * <p>Promises: what comes out has been defaulted and validated when it went in; a resourceVersion
 * is the ledger's revision, so a watch misses nothing that is still kept and says {@code Expired}
 * of what is not; refusals have the reasons and words that kubectl knows.
 *
 * <p>Critical file: {@code ClusterApi}.
 */
@NullMarked
package dev.esteira.cluster;

import org.jspecify.annotations.NullMarked;
