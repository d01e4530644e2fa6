package dev.esteira.store;

/** A change at its place in the history; see {@link ChangeId}. */
record Recorded(long id, Ledger.Change change) {}
