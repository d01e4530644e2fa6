/**
 * The house's address range, a bridge for each sandbox, and one nftables table.
 *
 * <p>Promises: all calls are idempotent; every bridge, route and rule carries the home's id, is
 * made again from the ledger at a start, and is gone after {@code down}; one sandbox does not reach
 * another.
 *
 * <p>Critical file: {@code Networks}.
 */
@NullMarked
package dev.esteira.net;

import org.jspecify.annotations.NullMarked;
