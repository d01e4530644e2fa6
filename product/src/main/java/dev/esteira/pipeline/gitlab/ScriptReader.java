package dev.esteira.pipeline.gitlab;

import dev.esteira.pipeline.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Scripts: {@code before_script} and {@code script} are one section, {@code after_script} another.
 */
final class ScriptReader {
  static final String SCRIPT = "script";
  static final String AFTER = "after_script";
  private static final String HOOK = "pre_get_sources_script";

  private final Fields fields;

  ScriptReader(Fields fields) {
    this.fields = fields;
  }

  List<Plan.Section> sections(Node.Keys job) {
    List<Plan.Command> script = new ArrayList<>(commands(job, "before_script"));
    script.addAll(commands(job, SCRIPT));
    List<Plan.Section> sections = new ArrayList<>(hooks(job));
    sections.add(new Plan.Section(SCRIPT, Plan.Condition.SUCCEEDING, "", script, List.of(), false));
    List<Plan.Command> after = commands(job, AFTER);
    if (!after.isEmpty()) {
      sections.add(new Plan.Section(AFTER, Plan.Condition.ALWAYS, "", after, List.of(), true));
    }
    return sections;
  }

  private List<Plan.Section> hooks(Node.Keys job) {
    Optional<Node.Keys> hooks = job.get("hooks").flatMap(n -> fields.keys(n, "hooks"));
    hooks.ifPresent(h -> fields.unknown(h, "hooks.", Set.of(HOOK)));
    List<Plan.Command> first = hooks.map(h -> commands(h, HOOK)).orElse(List.of());
    return first.isEmpty()
        ? List.of()
        : List.of(new Plan.Section(HOOK, Plan.Condition.SUCCEEDING, "", first, List.of(), false));
  }

  private List<Plan.Command> commands(Node.Keys job, String key) {
    Optional<Node> node = job.get(key);
    List<Plan.Command> commands = new ArrayList<>();
    if (node.isEmpty()) {
      return commands;
    }
    List<Node> items =
        node.get() instanceof Node.Items list ? Node.flat(list) : List.of(node.get());
    items.forEach(i -> command(i, key).ifPresent(commands::add));
    return commands;
  }

  private Optional<Plan.Command> command(Node item, String key) {
    return switch (item) {
      case Node.Text text when text.isNull() || text.value().isBlank() -> Optional.empty();
      case Node.Text text ->
          Optional.of(new Plan.Command(text.value().stripTrailing(), text.place().line()));
      case Node.Keys keys -> {
        fields
            .problems()
            .error(
                keys.place(),
                "'%s': a command must be text, but ': ' makes a mapping of this one; put it in"
                        .formatted(key)
                    + " quotation marks: '"
                    + keys.entries().stream().findFirst().map(Node.Entry::key).orElse("")
                    + ": …'");
        yield Optional.empty();
      }
      case Node.Items _ -> Optional.empty();
      case Node.Reference _ -> Optional.empty();
    };
  }
}
