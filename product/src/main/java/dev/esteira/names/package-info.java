/**
 * What a real name means here: host names of clouds, DNS, and the certificate authority.
 *
 * <p>Critical file: {@code RealNames}.
 */
@NullMarked
package dev.esteira.names;

import org.jspecify.annotations.NullMarked;
