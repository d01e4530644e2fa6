/**
 * Projects, groups, tokens, keys, variables and secrets.
 *
 * <p>Promises: what is granted is recorded before the call returns; secrets lie sealed on the disk
 * and leave only to jobs, whose logs mask them; a token, once revoked, opens nothing.
 *
 * <p>Critical file: {@code Access}.
 */
@NullMarked
package dev.esteira.access;

import org.jspecify.annotations.NullMarked;
