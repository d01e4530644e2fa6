package dev.esteira.runner;

import dev.esteira.observe.Logs;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Finds the coverage in a log: the last line that has it (GitLab CI/CD YAML, coverage). */
final class Coverage {
  private static final int LINES_MAX = 5_000;
  private static final int CHARACTERS_MAX = 500;
  private static final Pattern NUMBER = Pattern.compile("\\d+(?:\\.\\d+)?");
  private static final Pattern COLOURS = Pattern.compile("\u001b\\[[0-9;]*[A-Za-z]");

  private Coverage() {}

  static Optional<String> of(Logs logs, String stream, String written) {
    Pattern pattern;
    try {
      pattern = Pattern.compile(written.replaceFirst("^/(.*)/$", "$1"));
    } catch (PatternSyntaxException e) {
      return Optional.empty();
    }
    long size = logs.size(stream);
    List<Logs.Line> lines = logs.read(stream, Math.max(0, size - LINES_MAX), LINES_MAX);
    for (Logs.Line line : lines.reversed()) {
      String text = COLOURS.matcher(line.text()).replaceAll("");
      // The length bounds what a pattern that backtracks can cost.
      Matcher found =
          pattern.matcher(
              text.length() > CHARACTERS_MAX ? text.substring(0, CHARACTERS_MAX) : text);
      if (found.find()) {
        Matcher number = NUMBER.matcher(found.group());
        if (number.find()) {
          return Optional.of(number.group());
        }
      }
    }
    return Optional.empty();
  }
}
