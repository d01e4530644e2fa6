package dev.esteira.pipeline.gitlab;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A whole configuration, read and checked, before any event is looked at.
 *
 * @param keepsOldPipelines whether a newer commit cancels no job of an older one
 */
record PipelineSpec(
    List<String> stages,
    Optional<List<Rule>> workflowRules,
    Place workflowPlace,
    Optional<String> name,
    boolean keepsOldPipelines,
    Map<String, YamlVariables.Variable> variables,
    List<JobSpec> jobs) {}
