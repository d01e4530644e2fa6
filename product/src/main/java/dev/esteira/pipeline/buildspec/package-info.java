/**
 * The buildspec dialect: parsed with file and line, compiled to a plan.
 *
 * <p>Promises: the file is taken byte for byte as teams have it; a mistake is told with its line; a
 * key that is understood and not carried out gives a notice.
 *
 * <p>Critical file: {@code BuildspecDialect}.
 */
@NullMarked
package dev.esteira.pipeline.buildspec;

import org.jspecify.annotations.NullMarked;
