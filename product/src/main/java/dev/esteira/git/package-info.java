/**
 * Repositories over smart HTTP.
 *
 * <p>Critical file: {@code Repositories}. Only importer of JGit.
 */
@NullMarked
package dev.esteira.git;

import org.jspecify.annotations.NullMarked;
