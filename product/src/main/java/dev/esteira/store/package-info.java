/**
 * The ledger: versioned objects, events and watch, and the host of the state machines.
 *
 * <p>Critical file: {@code Ledger}. Only importer of JDBC.
 */
@NullMarked
package dev.esteira.store;

import org.jspecify.annotations.NullMarked;
