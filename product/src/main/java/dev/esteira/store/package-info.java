/**
 * The ledger: versioned objects, events and watch, and the host of the state machines.
 *
 * <p>Promises: what was written is durable when the call returns; revisions only grow; a {@code
 * Machine} that is hosted here ({@code MachineHost}) has its event, its new state and its commands
 * recorded in one transaction, before any command is carried out.
 *
 * <p>Critical file: {@code Ledger}. Only importer of JDBC.
 */
@NullMarked
package dev.esteira.store;

import org.jspecify.annotations.NullMarked;
