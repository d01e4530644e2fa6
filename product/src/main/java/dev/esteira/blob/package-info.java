/**
 * Content-addressed bytes on the local disk.
 *
 * <p>Critical file: {@code BlobStore}.
 */
@NullMarked
package dev.esteira.blob;

import org.jspecify.annotations.NullMarked;
