/**
 * The {@code .gitlab-ci.yml} dialect: includes, inheritance and rules resolved, compiled to a plan.
 *
 * <p>Critical file: {@code GitlabDialect}.
 */
@NullMarked
package dev.esteira.pipeline.gitlab;

import org.jspecify.annotations.NullMarked;
