/**
 * One planned job in one sandbox: workspace, supervisor, log tail, artifacts.
 *
 * <p>Critical file: {@code SandboxRunner}.
 */
@NullMarked
package dev.esteira.runner;

import org.jspecify.annotations.NullMarked;
