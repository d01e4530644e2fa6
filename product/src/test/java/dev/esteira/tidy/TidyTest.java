package dev.esteira.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Style as a failing test: the tail of long files and methods never starts. */
class TidyTest {
  private static final int FILE_LINES_MAX = 400;
  private static final int METHOD_LINES_MAX = 50;
  private static final int COLUMNS_MAX = 100;

  /** Wire tables, by file name, that may be long. */
  private static final Set<String> LONG_FILES = Set.of();

  /** What not to call, and what to use instead. */
  private static final Map<Pattern, String> BANNED =
      Map.of(
          Pattern.compile("System\\.currentTimeMillis\\("), "an injected InstantSource",
          Pattern.compile("\\.printStackTrace\\("), "a logger",
          Pattern.compile("^import [a-z.]+\\.\\*;"), "single imports",
          Pattern.compile("new Thread\\("), "Thread.ofVirtual()",
          Pattern.compile("\\b(TODO|FIXME)\\b"), "an issue");

  /** A member's head at the indentation of a class or of a nested class. */
  private static final Pattern METHOD =
      Pattern.compile("^( {2}| {4})(?! )(?!.*\\b(class|record|interface|enum)\\b).*\\)[^;]*\\{$");

  @Test
  void filesAreShort() {
    eachFile((file, lines) ->
        lines.size() > FILE_LINES_MAX && !LONG_FILES.contains(file.getFileName().toString())
            ? List.of(file + ": " + lines.size() + " lines")
            : List.of());
  }

  @Test
  void methodsAreShort() {
    eachFile(TidyTest::longMethods);
  }

  @Test
  void linesAreShort() {
    eachFile((file, lines) -> {
      List<String> found = new ArrayList<>();
      for (int i = 0; i < lines.size(); i++) {
        if (lines.get(i).length() > COLUMNS_MAX && !lines.get(i).startsWith("import ")) {
          found.add(file + ":" + (i + 1));
        }
      }
      return found;
    });
  }

  @Test
  void bannedCallsAreAbsent() {
    eachFile((file, lines) -> {
      List<String> found = new ArrayList<>();
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i);
        int number = i + 1;
        BANNED.forEach((pattern, instead) -> {
          if (pattern.matcher(line).find() && !file.endsWith("TidyTest.java")) {
            found.add(file + ":" + number + ": use " + instead);
          }
        });
      }
      return found;
    });
  }

  private static List<String> longMethods(Path file, List<String> lines) {
    List<String> found = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      Matcher head = METHOD.matcher(lines.get(i));
      if (head.matches()) {
        int end = i + 1;
        while (end < lines.size() && !lines.get(end).startsWith(head.group(1) + "}")) {
          end++;
        }
        if (end < lines.size() && end - i - 1 > METHOD_LINES_MAX) {
          found.add(file + ":" + (i + 1) + ": " + (end - i - 1) + " lines");
        }
      }
    }
    return found;
  }

  private interface Rule {
    List<String> check(Path file, List<String> lines);
  }

  private static void eachFile(Rule rule) {
    Path root = Path.of(System.getProperty("esteira.root"));
    List<String> found = new ArrayList<>();
    for (String module : List.of("product/src", "acceptance/src")) {
      try (Stream<Path> files = Files.walk(root.resolve(module))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
          found.addAll(rule.check(root.relativize(file), Files.readAllLines(file)));
        }
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
    assertEquals(List.of(), found);
  }
}
