package dev.esteira.base;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Says in plain words what a YAML parser found, and where the cause most likely stands. */
final class YamlProblems {
  private static final Pattern NO_BLANK = Pattern.compile("^\\s*(?:- )?([\\w.-]+):([^\\s:/].*)$");
  private static final Pattern SLASHES = Pattern.compile("^\\s*//.*");

  /** A value that begins like a list or a quoted text, and goes on after its end. */
  private static final Pattern CLOSED =
      Pattern.compile(
          "^\\s*(?:- +)*(?:[^\\s:'\"]+: +)?(?:([\\[{]).*[\\]}]|'[^']*'|\"(?:[^\"\\\\]|\\\\.)*\")"
              + "[ ]*[^\\s#:,\\]}].*$");

  private static final int QUOTED_CHARACTERS_MAX = 80;
  private static final int LINES_BACK_MAX = 3;

  private YamlProblems() {}

  static String explain(String file, String text, MarkedYamlEngineException e) {
    List<String> lines = text.lines().toList();
    int at = e.getProblemMark().or(e::getContextMark).map(m -> m.getLine() + 1).orElse(1);
    for (int line = at; line >= Math.max(1, at - LINES_BACK_MAX); line--) {
      String written = line(lines, line);
      if (SLASHES.matcher(written).matches()) {
        return "%s:%d: '%s' is no comment: comments begin with '#'"
            .formatted(file, line, shortened(written));
      }
      Matcher noBlank = NO_BLANK.matcher(written);
      if (noBlank.matches()) {
        return "%s:%d: a blank is missing after '%s:' in '%s'"
            .formatted(file, line, noBlank.group(1), shortened(written));
      }
    }
    String written = line(lines, at);
    String quote = written.isBlank() ? "" : ", in '" + shortened(written) + "'";
    return file + ":" + at + ": " + words(e, written) + quote;
  }

  static String unreadable(String file, String text, YamlEngineException e) {
    if (e instanceof ReaderException r) {
      int line =
          (int) text.codePoints().limit(Math.max(0, r.getPosition())).filter(c -> c == '\n').count()
              + 1;
      return "%s:%d: the character U+%04X is not allowed in YAML"
          .formatted(file, line, r.getCodePoint());
    }
    return file + ":1: not valid YAML: " + e.getMessage();
  }

  private static String words(MarkedYamlEngineException e, String written) {
    String problem = e.getProblem() == null ? "" : e.getProblem();
    String lower = problem.toLowerCase(Locale.ROOT);
    String context = e.getContext() == null ? "" : e.getContext().toLowerCase(Locale.ROOT);
    if (lower.contains("tab")) {
      return "a TAB is used for indentation; YAML takes blanks only";
    }
    if (lower.contains("mapping values are not allowed")) {
      return "a ': ' stands where no key can be; check the indentation, or put the value in quotes";
    }
    if (lower.contains("could not find expected ':'")) {
      return "expected 'key: value', but no ':' follows the key";
    }
    Matcher closed = CLOSED.matcher(written);
    if (lower.contains("expected <block end>") && closed.matches()) {
      return "more text follows the closing %s; put the whole value in quotes, or under a '|'"
          .formatted(closed.group(1) == null ? "quotation mark" : "bracket");
    }
    if (lower.contains("expected <block end>") || context.contains("block collection")) {
      return written.strip().startsWith("-")
          ? "this list item is not indented like the items before it"
          : "this line is not indented like the lines that it belongs to";
    }
    if (lower.contains("unexpected end of stream")) {
      return "a quotation mark is opened and never closed";
    }
    if (lower.contains("cannot start any token")) {
      return "this character cannot begin a value; put the value in quotes";
    }
    if (lower.contains("alias") || context.contains("alias")) {
      return "a '*' at the beginning means an alias; put the value in quotes";
    }
    return "not valid YAML: " + (context.isEmpty() ? "" : e.getContext() + ": ") + problem;
  }

  private static String line(List<String> lines, int number) {
    return number >= 1 && number <= lines.size() ? lines.get(number - 1) : "";
  }

  private static String shortened(String line) {
    String stripped = line.strip();
    return stripped.length() <= QUOTED_CHARACTERS_MAX
        ? stripped
        : stripped.substring(0, QUOTED_CHARACTERS_MAX) + "…";
  }
}
