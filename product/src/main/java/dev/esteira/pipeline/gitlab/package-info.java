/**
 * The {@code .gitlab-ci.yml} dialect: includes, inheritance and rules resolved, compiled to a plan.
 *
 * <p>Promises: all mistakes of a file are told at once, each with its file and line; a keyword that
 * is not carried out gives a notice or an error; a job that the rules leave out says why.
 *
 * <p>Text becomes {@code Node} trees ({@code Includes}, {@code PipelineReader}), those become
 * specifications ({@code JobReader} and its readers), and those, with the run's variables, become
 * the plan ({@code PipelineMaker}, {@code JobPlanner}).
 *
 * <p>Critical file: {@code GitlabDialect}.
 */
@NullMarked
package dev.esteira.pipeline.gitlab;

import org.jspecify.annotations.NullMarked;
