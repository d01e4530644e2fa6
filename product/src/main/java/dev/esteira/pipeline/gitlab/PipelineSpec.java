package dev.esteira.pipeline.gitlab;

import dev.esteira.pipeline.AutoCancel;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A whole configuration, read and checked, before any event is looked at. */
record PipelineSpec(
    List<String> stages,
    Optional<List<Rule>> workflowRules,
    Place workflowPlace,
    Optional<String> name,
    AutoCancel autoCancel,
    Map<String, YamlVariables.Variable> variables,
    List<JobSpec> jobs) {}
