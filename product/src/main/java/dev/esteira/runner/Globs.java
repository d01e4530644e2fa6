package dev.esteira.runner;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Patterns of artifact paths: {@code *} and {@code ?} within a name, {@code **} over names, {@code
 * [ab]} and {@code {a,b}}. Paths are relative and use {@code /}.
 */
final class Globs {
  private Globs() {}

  static boolean isPattern(String text) {
    return text.matches(".*[*?\\[{].*");
  }

  /** A pattern that is no valid one means itself. */
  static Pattern compile(String glob) {
    try {
      return Pattern.compile(regex(glob));
    } catch (PatternSyntaxException e) {
      return Pattern.compile(Pattern.quote(glob));
    }
  }

  private static String regex(String glob) {
    StringBuilder regex = new StringBuilder();
    int braces = 0;
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      if (glob.startsWith("**/", i)) {
        regex.append("(?:.*/)?");
        i += 2;
      } else if (glob.startsWith("**", i)) {
        regex.append(".*");
        i++;
      } else if (c == '*') {
        regex.append("[^/]*");
      } else if (c == '?') {
        regex.append("[^/]");
      } else if (c == '[') {
        regex.append('[');
      } else if (c == ']') {
        regex.append(']');
      } else if (c == '{') {
        braces++;
        regex.append("(?:");
      } else if (c == '}' && braces > 0) {
        braces--;
        regex.append(')');
      } else if (c == ',' && braces > 0) {
        regex.append('|');
      } else if (c == '-') {
        regex.append('-');
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return regex.toString();
  }
}
