/**
 * Projects, groups, tokens, keys, variables and secrets.
 *
 * <p>Critical file: {@code Access}.
 */
@NullMarked
package dev.esteira.access;

import org.jspecify.annotations.NullMarked;
