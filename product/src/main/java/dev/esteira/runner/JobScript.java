package dev.esteira.runner;

import dev.esteira.pipeline.Plan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a job's shell is given: {@code plan.sh}, which tells the driver item by item what comes
 * next, and a file for each command, whose text is untouched.
 */
final class JobScript {
  private final Plan.Job job;
  private final StringBuilder items = new StringBuilder();
  private final Map<String, String> files = new LinkedHashMap<>();
  private final List<Step> steps = new ArrayList<>();
  private int item;

  /** A step as people see it; its index counts through all sections. */
  record Step(int index, String section, String text, boolean script) {
    Step(int index, String section, String text) {
      this(index, section, text, false);
    }
  }

  JobScript(Plan.Job job) {
    this.job = job;
    (Workplace.isScript(job) ? WholeScript.sections(job) : job.sections()).forEach(this::section);
    item("over");
  }

  List<Step> steps() {
    return List.copyOf(steps);
  }

  /** Files by their path in the control directory. */
  Map<String, String> files() {
    Map<String, String> all = new LinkedHashMap<>(files);
    all.put(
        "plan.sh",
        "__esteira_rule="
            + job.shellRule().name()
            + "\n__esteira_item() {\n  case $1 in\n"
            + items
            + "  esac\n}\n"
            + names());
    return all;
  }

  private void section(Plan.Section section) {
    boolean empty = section.commands().isEmpty() && section.finallyCommands().isEmpty();
    String title = empty ? "" : "== " + section.name().toUpperCase(Locale.ROOT);
    item(
        "section",
        "name=" + quoted(section.name()),
        "condition=" + section.condition().name(),
        "on=" + quoted(section.conditionOn()),
        "goes_on=" + (section.continueOnFailure() ? "1" : "0"),
        "title=" + quoted(title));
    commands(section.name(), section.commands());
    item("finally");
    commands(section.name(), section.finallyCommands());
    item("close");
  }

  private void commands(String section, List<Plan.Command> commands) {
    if (Workplace.isScript(job)) {
      if (!commands.isEmpty()) {
        whole(section, commands);
      }
      return;
    }
    for (Plan.Command command : commands) {
      if (job.shellRule() == Plan.ShellRule.SHELL_EACH) {
        child(section, command.text(), echo(command.text()), command.text() + "\n");
      } else {
        step(section, command.text(), echo(command.text()), command.text() + "\n");
      }
    }
  }

  /** No echo: the script says its commands itself, each when its turn comes. */
  private void whole(String section, List<Plan.Command> commands) {
    int index = steps.size();
    String script = "commands/" + index + ".sh";
    files.put(script, WholeScript.text(section, commands));
    files.put("commands/" + index, WholeScript.start(section, "$__esteira_dir/" + script));
    steps.add(new Step(index, section, section, true));
    item("command", "step=" + index, "echo=''");
  }

  private void child(String section, String text, String echo, String script) {
    int index = steps.size();
    files.put("commands/" + index + ".sh", script);
    step(section, text, echo, "\"$BASH\" \"$__esteira_dir/commands/" + index + ".sh\"\n");
  }

  private void step(String section, String text, String echo, String file) {
    int index = steps.size();
    steps.add(new Step(index, section, text));
    files.put("commands/" + index, file.replace("\"$BASH\"", "\"${BASH:-/bin/sh}\""));
    item("command", "step=" + index, "echo=" + quoted(echo));
  }

  private void item(String kind, String... settings) {
    items.append("    ").append(item++).append(") __esteira_kind=").append(kind);
    for (String setting : settings) {
      items.append(" __esteira_").append(setting);
    }
    items.append(" ;;\n");
  }

  private String names() {
    StringBuilder names = new StringBuilder("__esteira_names() {\n  :\n");
    List<String> all = ArtifactNames.of(job);
    for (int i = 0; i < all.size(); i++) {
      String escaped = all.get(i).replace("\\", "\\\\").replace("\"", "\\\"");
      names
          .append("  __esteira_expand ")
          .append(i)
          .append(' ')
          .append(quoted(escaped))
          .append('\n');
    }
    return names.append("}\n").toString();
  }

  static String echo(String text) {
    return "$ " + text.replace("\n", "\n> ");
  }

  /** In single quotes, in which a shell changes nothing. */
  static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
