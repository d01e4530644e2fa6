package dev.esteira.pipeline.gitlab;

import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Globs as Ruby's {@code fnmatch} takes them with path names, dot files and braces: {@code *} stays
 * within a directory, <code>**</code>{@code /} stands for any of them.
 */
final class Globs {
  private Globs() {}

  static boolean anyMatches(List<String> globs, Collection<String> paths) {
    for (String glob : globs) {
      if (glob.chars().noneMatch(c -> "*?[{\\".indexOf(c) >= 0)) {
        if (paths.contains(glob)) {
          return true;
        }
      } else {
        Pattern pattern = pattern(glob);
        if (paths.stream().anyMatch(p -> Patterns.found(pattern, p))) {
          return true;
        }
      }
    }
    return false;
  }

  static Pattern pattern(String glob) {
    try {
      return Pattern.compile("\\A(?:" + regex(glob) + ")\\z", Pattern.DOTALL);
    } catch (PatternSyntaxException e) {
      return Pattern.compile("\\A" + Pattern.quote(glob) + "\\z");
    }
  }

  private static String regex(String glob) {
    StringBuilder out = new StringBuilder();
    int braces = 0;
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      boolean segmentStart = i == 0 || glob.charAt(i - 1) == '/';
      if (segmentStart && glob.startsWith("**/", i)) {
        out.append("(?:[^/]+/)*");
        i += 2;
      } else if (c == '*') {
        out.append("[^/]*");
      } else if (c == '?') {
        out.append("[^/]");
      } else if (c == '[' && glob.indexOf(']', i + 2) > 0) {
        int end = glob.indexOf(']', i + 2);
        String inside = glob.substring(i + 1, end).replace("\\", "\\\\").replace("[", "\\[");
        out.append('[').append(inside.startsWith("!") ? "^" + inside.substring(1) : inside);
        out.append(']');
        i = end;
      } else if (c == '{') {
        braces++;
        out.append("(?:");
      } else if (c == '}' && braces > 0) {
        braces--;
        out.append(')');
      } else if (c == ',' && braces > 0) {
        out.append('|');
      } else {
        int literal = c == '\\' && i + 1 < glob.length() ? ++i : i;
        out.append(Pattern.quote(glob.substring(literal, literal + 1)));
      }
    }
    return out.append(")".repeat(braces)).toString();
  }
}
