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

  /** What runs before the sources come on GitLab; here it is the first of what runs at all. */
  private static final String HOOK = "pre_get_sources_script";

  private static final String SUBMODULES =
      """
      if [ -e /run/esteira/submodules ]; then
        /bin/sh -ex /run/esteira/submodules || exit
      fi
      """;

  private WholeScript() {}

  /** The job's sections, with all that is one script in one. */
  static List<Plan.Section> sections(Plan.Job job) {
    List<Plan.Section> all = new ArrayList<>();
    List<Plan.Command> script = new ArrayList<>();
    List<Plan.Section> after = new ArrayList<>();
    for (Plan.Section section : job.sections()) {
      if (section.name().equals(HOOK)) {
        all.add(section);
      } else if (section.condition() == Plan.Condition.SUCCEEDING) {
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
    all.add(new Plan.Section(NAME, Plan.Condition.SUCCEEDING, "", script, List.of(), false));
    all.addAll(after);
    return all;
  }

  /** The script file: every command says itself before it runs. A plain sh may lack pipefail. */
  static String text(String section, List<Plan.Command> commands) {
    StringBuilder script = new StringBuilder(section.equals(NAME) ? SUBMODULES : "");
    script.append(
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

  private static boolean isAfter(String section) {
    return !section.equals(NAME) && !section.equals(HOOK);
  }

  /** What the driver does to run the file: the status is that of what went before. */
  static String start(String section, String file) {
    if (!isAfter(section)) {
      return """
      CI_JOB_STATUS=running
      export CI_JOB_STATUS
      "${BASH:-/bin/sh}" "%s"
      """
          .formatted(file);
    }
    return """
    case $__esteira_first in
      '') CI_JOB_STATUS=success ;;
      *) CI_JOB_STATUS=failed ;;
    esac
    export CI_JOB_STATUS
    "${BASH:-/bin/sh}" "%s"
    """
        .formatted(file);
  }
}
