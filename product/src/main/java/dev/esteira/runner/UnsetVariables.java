package dev.esteira.runner;

import dev.esteira.access.Access;
import dev.esteira.pipeline.Plan;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Variables that a job names and that have no value: in public repositories most jobs fail first
 * for what only their owners have set.
 */
final class UnsetVariables {
  private static final int NAMES_MAX = 10;

  /** A name as projects give them, without a default beside it; {@code \$NAME} is none. */
  private static final Pattern NAMED =
      Pattern.compile("(?<![\\\\$\\w])\\$(?:\\{([A-Z][A-Z0-9_]{2,})\\}|([A-Z][A-Z0-9_]{2,})\\b)");

  /** Files that are read may set anything. */
  private static final Pattern READS_FILES =
      Pattern.compile("(?m)(?:^|[;&|]\\s*)\\s*(?:source|\\.|eval)\\s");

  /** Bash has these without being told. */
  private static final Set<String> OF_THE_SHELL =
      Set.of(
          "HOME",
          "PATH",
          "PWD",
          "OLDPWD",
          "USER",
          "UID",
          "EUID",
          "SHELL",
          "HOSTNAME",
          "RANDOM",
          "SECONDS",
          "LINENO",
          "OPTARG",
          "OPTIND",
          "REPLY",
          "IFS",
          "PIPESTATUS",
          "FUNCNAME",
          "PPID",
          "EOF",
          "OSTYPE",
          "TERM",
          "LANG");

  private UnsetVariables() {}

  /** Those that the commands name, that have no value here, and that no command gives one. */
  static Set<String> in(List<Plan.Section> sections, Set<String> known) {
    String script =
        sections.stream()
            .flatMap(section -> section.commands().stream())
            .map(Plan.Command::text)
            .collect(Collectors.joining("\n"));
    Set<String> names = new LinkedHashSet<>();
    if (READS_FILES.matcher(script).find()) {
      return names;
    }
    Matcher named = NAMED.matcher(script);
    while (named.find() && names.size() < NAMES_MAX) {
      String name = named.group(1) == null ? named.group(2) : named.group(1);
      boolean given =
          known.contains(name)
              || OF_THE_SHELL.contains(name)
              || name.startsWith("BASH")
              || given(name).matcher(script).find();
      if (!given) {
        names.add(name);
      }
    }
    return names;
  }

  /** What gives a variable a value within a script. */
  private static Pattern given(String name) {
    return Pattern.compile(
        "(?m)(?:^|[^\\w$-])(?:%1$s\\+?=|read [^\\n;|]*\\b%1$s\\b|for %1$s\\b)".formatted(name));
  }

  /** What is to be said of them, and what to do next. */
  static String told(Access access, String project, Collection<String> names) {
    Set<String> elsewhere =
        access.effectiveVariables(project).stream()
            .map(Access.Variable::name)
            .collect(Collectors.toSet());
    String each =
        names.stream()
            .map(name ->
                elsewhere.contains(name)
                    ? name + " is for protected refs or another environment only"
                    : name + " is not set")
            .collect(Collectors.joining(", "));
    return "%s. Next: ./esteira var set --project %s %s=..."
        .formatted(each, project, names.iterator().next());
  }
}
