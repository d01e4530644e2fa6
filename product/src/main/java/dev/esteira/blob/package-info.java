/**
 * Content-addressed bytes on the local disk.
 *
 * <p>Promises: what is there under a digest is whole and never changes; a put is visible only once
 * it is complete and durable.
 *
 * <p>Critical file: {@code BlobStore}.
 */
@NullMarked
package dev.esteira.blob;

import org.jspecify.annotations.NullMarked;
