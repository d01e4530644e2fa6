/**
 * The house's address range, a bridge for each sandbox, and one nftables table.
 *
 * <p>Critical file: {@code Networks}.
 */
@NullMarked
package dev.esteira.net;

import org.jspecify.annotations.NullMarked;
