package dev.esteira.runner;

import dev.esteira.pipeline.Plan;
import java.util.ArrayList;
import java.util.List;

/**
 * A job that is one script, as GitLab's are: what comes before the script shares its shell, what
 * comes after has one of its own and changes nothing about the job's end (GitLab CI/CD YAML
 * reference, script and after_script).
 */
final class WholeScript {
  private static final String NAME = "script";

  private WholeScript() {}

  /** The job's sections, with all that is one script in one. */
  static List<Plan.Section> sections(Plan.Job job) {
    List<Plan.Command> script = new ArrayList<>();
    List<Plan.Section> after = new ArrayList<>();
    for (Plan.Section section : job.sections()) {
      if (section.condition() == Plan.Condition.SUCCEEDING) {
        script.addAll(section.commands());
      } else {
        after.add(
            new Plan.Section(
                section.name(),
                section.condition(),
                section.conditionOn(),
                section.commands(),
                section.finallyCommands(),
                true));
      }
    }
    List<Plan.Section> all = new ArrayList<>();
    all.add(new Plan.Section(NAME, Plan.Condition.SUCCEEDING, "", script, List.of(), false));
    all.addAll(after);
    return all;
  }

  /** The script file: every command says itself before it runs. A plain sh may lack pipefail. */
  static String text(List<Plan.Command> commands) {
    StringBuilder script =
        new StringBuilder(
            """
            if (set -o pipefail) 2>/dev/null; then set -o pipefail; fi
            set -e
            PATH=$PATH:/run/esteira/bin
            case ${CI_DEBUG_TRACE:-} in true | 1) set -x ;; esac
            """);
    for (Plan.Command command : commands) {
      script
          .append("printf '%s\\n' ")
          .append(JobScript.quoted(JobScript.echo(command.text())))
          .append('\n')
          .append(command.text())
          .append('\n');
    }
    return script.toString();
  }

  /** What the driver does to run the file: the status is that of what went before. */
  static String start(String file) {
    return """
    case $__esteira_first in
      '') CI_JOB_STATUS=success ;;
      *) CI_JOB_STATUS=failed ;;
    esac
    [ "$__esteira_step" != 0 ] || CI_JOB_STATUS=running
    export CI_JOB_STATUS
    "${BASH:-/bin/sh}" "%s"
    """
        .formatted(file);
  }
}
