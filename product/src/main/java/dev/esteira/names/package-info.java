/**
 * What a real name means here: host names of clouds, DNS, and the certificate authority.
 *
 * <p>Promises: a name that is none of ours is forwarded within a stated time; the authority's key
 * never leaves the home.
 *
 * <p>Critical file: {@code RealNames}.
 */
@NullMarked
package dev.esteira.names;

import org.jspecify.annotations.NullMarked;
