/**
 * One planned job in one sandbox: workspace, supervisor, log tail, artifacts.
 *
 * <p>Promises: a job goes on when this process is gone, because a supervisor in its sandbox needs
 * nobody; the next process reads along from where the last one was, without gap or repetition;
 * nothing of a job but its log and what it published, kept or cached outlives its clean-up; secrets
 * are masked before a line is kept.
 *
 * <p>Critical file: {@code SandboxRunner}.
 */
@NullMarked
package dev.esteira.runner;

import org.jspecify.annotations.NullMarked;
