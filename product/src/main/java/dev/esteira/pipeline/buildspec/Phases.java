package dev.esteira.pipeline.buildspec;

import dev.esteira.base.YamlNode;
import dev.esteira.pipeline.Plan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The phases of a buildspec: always all four, in CodeBuild's order; those not written are empty.
 */
final class Phases {
  private static final List<String> ORDER = List.of("install", "pre_build", "build", "post_build");
  private static final Set<String> KNOWN =
      Set.of("commands", "finally", "on-failure", "run-as", "runtime-versions");

  private final Fields fields;
  private final Map<String, String> runtimes = new LinkedHashMap<>();

  Phases(Fields fields) {
    this.fields = fields;
  }

  List<Plan.Section> sections(YamlNode.Mapping top) {
    Optional<YamlNode.Entry> entry = top.entry("phases");
    if (entry.isEmpty() || entry.get().value().isNull()) {
      int line = entry.map(YamlNode.Entry::line).orElse(top.line());
      throw fields.invalid(
          line, "there are no phases; write 'phases:' with one of " + String.join(", ", ORDER));
    }
    YamlNode.Mapping phases = fields.asMapping(entry.get().value(), "phases");
    for (YamlNode.Entry phase : phases.entries()) {
      if (!ORDER.contains(phase.key())) {
        throw fields.invalid(
            phase.line(),
            "'" + phase.key() + "' is no phase; phases are " + String.join(", ", ORDER));
      }
    }
    return ORDER.stream().map(name -> section(name, phases)).toList();
  }

  private Plan.Section section(String name, YamlNode.Mapping phases) {
    Optional<YamlNode.Mapping> phase = fields.mapping(phases, name);
    phase.ifPresent(p -> check(name, p));
    boolean after = name.equals("post_build");
    return new Plan.Section(
        name,
        after ? Plan.Condition.IF_BEGAN : Plan.Condition.SUCCEEDING,
        after ? "build" : "",
        phase.map(p -> commands(p, "commands")).orElse(List.of()),
        phase.map(p -> commands(p, "finally")).orElse(List.of()),
        phase.map(p -> continues(name, p)).orElse(false));
  }

  private void check(String name, YamlNode.Mapping phase) {
    Optional<YamlNode.Entry> steps = phase.entry("steps");
    if (steps.isPresent() && phase.get("commands").isEmpty()) {
      throw fields.invalid(
          steps.get().line(),
          "phases.%s has 'steps', which belongs to GitHub Actions; a buildspec phase has 'commands'"
              .formatted(name));
    }
    fields.unknown(phase, "phases." + name + ".", KNOWN);
    fields
        .mapping(phase, "runtime-versions")
        .ifPresent(versions -> versions.entries().forEach(this::askFor));
    phase
        .entry("run-as")
        .filter(e -> !fields.asText(e.value(), "run-as").equals("root"))
        .ifPresent(e ->
            fields.notice(
                e.line(),
                "phases." + name + ".run-as is accepted; the phase runs as the job's user"));
  }

  private void askFor(YamlNode.Entry runtime) {
    String language = runtime.key();
    String version = fields.asText(runtime.value(), language);
    runtimes.put(language, version);
    fields.notice(
        runtime.line(),
        "runtime-versions: %s %s is asked for; the job uses the %s of its image"
            .formatted(language, version, language));
  }

  /** The versions of languages that the phases ask for, once the sections were read. */
  Map<String, String> runtimes() {
    return runtimes;
  }

  private boolean continues(String name, YamlNode.Mapping phase) {
    Optional<YamlNode.Entry> entry = phase.entry("on-failure");
    if (entry.isEmpty() || entry.get().value().isNull()) {
      return false;
    }
    String value = fields.asText(entry.get().value(), "on-failure").toUpperCase(Locale.ROOT);
    if (!value.equals("ABORT") && !value.equals("CONTINUE")) {
      fields.notice(
          entry.get().line(),
          "phases.%s.on-failure '%s' is not supported yet: the phase is not tried again"
              .formatted(name, value));
    }
    return value.equals("CONTINUE");
  }

  private List<Plan.Command> commands(YamlNode.Mapping phase, String key) {
    Optional<YamlNode> node = phase.get(key).filter(n -> !n.isNull());
    if (node.isEmpty()) {
      return List.of();
    }
    List<Plan.Command> commands = new ArrayList<>();
    switch (node.get()) {
      case YamlNode.Scalar scalar -> add(commands, scalar);
      case YamlNode.Sequence list -> list.items().forEach(item -> add(commands, item));
      case YamlNode.Mapping mapping ->
          throw fields.invalid(
              mapping.line(), "'" + key + "' must be a list of commands, but it is a mapping");
    }
    return commands;
  }

  private void add(List<Plan.Command> commands, YamlNode item) {
    if (item.isNull()) {
      return;
    }
    switch (item) {
      case YamlNode.Scalar scalar -> {
        if (!scalar.text().isBlank()) {
          commands.add(new Plan.Command(scalar.text().stripTrailing(), scalar.line()));
        }
      }
      case YamlNode.Mapping mapping -> commands.add(rejoined(mapping));
      case YamlNode.Sequence list ->
          throw fields.invalid(list.line(), "a command must be text, but this one is a list");
    }
  }

  /** {@code - echo a: b} is a mapping to YAML; the author meant the line as it stands. */
  private Plan.Command rejoined(YamlNode.Mapping mapping) {
    if (mapping.entries().size() != 1
        || !(mapping.entries().getFirst().value() instanceof YamlNode.Scalar value)) {
      throw fields.invalid(
          mapping.line(),
          "a command must be text, but this one is a mapping; put it in quotation marks");
    }
    String text = (mapping.entries().getFirst().key() + ": " + value.text()).stripTrailing();
    fields.notice(
        mapping.line(),
        "': ' makes a mapping of this command; it runs as '"
            + text
            + "'. Put it in quotation marks");
    return new Plan.Command(text, mapping.line());
  }
}
