package dev.esteira.pipeline.gitlab;

import dev.esteira.pipeline.Flow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code trigger}: a pipeline of another project, or a child pipeline, in place of a script. */
final class TriggerReader {
  private static final Set<String> KNOWN =
      Set.of("project", "branch", "strategy", "include", "forward", "inputs");

  private static final String WHERE = "trigger.include.";

  private final Fields fields;

  TriggerReader(Fields fields) {
    this.fields = fields;
  }

  /** As written: no variables yet, nothing expanded. */
  Optional<Flow.Trigger> read(Node.Keys job) {
    Optional<Node> node = job.get("trigger");
    if (node.isEmpty()) {
      return Optional.empty();
    }
    if (!(node.get() instanceof Node.Keys keys)) {
      return fields
          .text(node.get(), "trigger")
          .map(p ->
              new Flow.Trigger(
                  Optional.of(p), Optional.empty(), List.of(), false, true, false, Map.of()));
    }
    fields.unknown(keys, "trigger.", KNOWN);
    Optional<Node.Keys> inputs = keys.get("inputs").flatMap(n -> fields.keys(n, "trigger.inputs"));
    if (inputs.isPresent() && keys.get("include").isEmpty()) {
      fields
          .problems()
          .notice(keys.placeOf("inputs"), "inputs of another project's pipeline are not supported");
    }
    Optional<String> project = fields.text(keys, "project", "trigger.");
    List<Flow.Include> includes = includes(keys, inputs);
    if (project.isPresent() != includes.isEmpty()) {
      fields.problems().error(keys.place(), "'trigger' has either a 'project' or an 'include'");
    }
    boolean depend =
        keys.has("strategy")
            && !fields
                .word(keys, "strategy", "trigger.", List.of("depend", "mirror"), "")
                .isEmpty();
    Optional<Node.Keys> forward =
        keys.get("forward").flatMap(n -> fields.keys(n, "trigger.forward"));
    return Optional.of(
        new Flow.Trigger(
            project,
            fields.text(keys, "branch", "trigger."),
            includes,
            depend,
            forward.flatMap(f -> fields.flag(f, "yaml_variables", "trigger.forward.")).orElse(true),
            forward
                .flatMap(f -> fields.flag(f, "pipeline_variables", "trigger.forward."))
                .orElse(false),
            Map.of()));
  }

  private List<Flow.Include> includes(Node.Keys trigger, Optional<Node.Keys> inputs) {
    List<Flow.Include> all = new ArrayList<>();
    Optional<Node> node = trigger.get("include");
    if (node.isEmpty()) {
      return all;
    }
    List<Node> items =
        node.get() instanceof Node.Items list ? Node.flat(list) : List.of(node.get());
    for (Node item : items) {
      all.addAll(include(item, inputs));
    }
    return all;
  }

  private List<Flow.Include> include(Node item, Optional<Node.Keys> ofAll) {
    if (!(item instanceof Node.Keys keys)) {
      return fields
          .text(item, "trigger.include")
          .map(p -> List.of(new Flow.Include(path(p, ofAll), Optional.empty())))
          .orElse(List.of());
    }
    Optional<Node.Keys> inputs =
        keys.get("inputs").flatMap(n -> fields.keys(n, WHERE + "inputs")).or(() -> ofAll);
    Optional<String> job = fields.text(keys, "job", WHERE);
    Optional<String> artifact = fields.text(keys, "artifact", WHERE);
    if (artifact.isPresent() && job.isEmpty()) {
      fields.problems().error(keys.place(), "'trigger.include.artifact' needs 'job'");
    }
    List<String> paths = artifact.map(List::of).orElseGet(() -> others(keys));
    if (paths.isEmpty()) {
      fields
          .problems()
          .error(
              keys.place(),
              "'trigger.include' names one of local, artifact, project with file, remote,"
                  + " template");
    }
    if (artifact.isPresent() && inputs.isPresent()) {
      fields.problems().notice(keys.place(), "inputs of an artifact are not supported: ignored");
    }
    return artifact.isPresent()
        ? List.of(new Flow.Include(bare(artifact.get()), job))
        : paths.stream().map(p -> new Flow.Include(path(p, inputs), Optional.empty())).toList();
  }

  private static String path(String written, Optional<Node.Keys> inputs) {
    String path = bare(written);
    return inputs.map(i -> ChildFiles.withInputs(path, i)).orElse(path);
  }

  private List<String> others(Node.Keys keys) {
    Optional<String> project = fields.text(keys, "project", WHERE);
    if (project.isPresent()) {
      Optional<String> ref = fields.text(keys, "ref", WHERE);
      return fields.texts(keys, "file", WHERE).stream()
          .map(f -> ChildFiles.ofProject(project.get(), f, ref))
          .toList();
    }
    return fields
        .text(keys, "local", WHERE)
        .or(() -> fields.text(keys, "remote", WHERE))
        .or(() -> fields.text(keys, "template", WHERE).map(ChildFiles::ofTemplate))
        .map(List::of)
        .orElse(List.of());
  }

  private static String bare(String path) {
    return path.replaceFirst("^\\.?/", "");
  }
}
