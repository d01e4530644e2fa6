/**
 * The buildspec dialect: parsed with file and line, compiled to a plan.
 *
 * <p>Critical file: {@code BuildspecDialect}.
 */
@NullMarked
package dev.esteira.pipeline.buildspec;

import org.jspecify.annotations.NullMarked;
