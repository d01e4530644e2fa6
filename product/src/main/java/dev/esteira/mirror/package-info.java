/**
 * Programs that build scripts download: answered with this machine's own where the real address
 * cannot be resolved.
 *
 * <p>Critical file: {@code DownloadMirror}.
 */
@NullMarked
package dev.esteira.mirror;

import org.jspecify.annotations.NullMarked;
