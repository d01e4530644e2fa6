/**
 * The commands.
 *
 * <p>Promises: standard output is data only, all else goes to standard error; {@code --json} on
 * what prints data; no prompt and no terminal needed; exit codes are those of {@code ErrorCode}.
 * Commands know a running house by its doors alone, and this machine by {@code LocalHouse}, which
 * the application implements.
 *
 * <p>Critical file: {@code EsteiraCommand}.
 */
@NullMarked
package dev.esteira.cli;

import org.jspecify.annotations.NullMarked;
