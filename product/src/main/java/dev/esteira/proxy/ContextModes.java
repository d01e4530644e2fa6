package dev.esteira.proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Permissions that {@code --chmod} of a {@code COPY} gives to files of the context. */
final class ContextModes {
  private static final String SPECIAL = "\\^$.|+(){}";

  /** What a source of a {@code COPY} stands for, and the permissions of that. */
  private record Rule(Pattern paths, int mode) {}

  private final List<Rule> rules = new ArrayList<>();

  /** Sets them for a source and all that is in it; {@code *}, {@code ?} and {@code [a-z]} count. */
  void add(String source, int mode) {
    String path = source.replaceFirst("^(\\./|/)+", "").replaceFirst("/+$", "");
    String pattern = path.isEmpty() || path.equals(".") ? ".*" : regex(path) + "(/.*)?";
    rules.add(new Rule(Pattern.compile(pattern), mode));
  }

  /** The permissions that the file of this path gets; those of the last rule that names it. */
  OptionalInt of(String path) {
    for (Rule rule : rules.reversed()) {
      if (rule.paths().matcher(path).matches()) {
        return OptionalInt.of(rule.mode());
      }
    }
    return OptionalInt.empty();
  }

  private static String regex(String glob) {
    StringBuilder regex = new StringBuilder();
    boolean inClass = false;
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      if (c == '[' && glob.indexOf(']') > 0) {
        inClass = true;
        regex.append(c);
      } else if (inClass) {
        inClass = c != ']';
        regex.append(c);
      } else if (c == '*') {
        regex.append("[^/]*");
      } else if (c == '?') {
        regex.append("[^/]");
      } else {
        regex.append(SPECIAL.indexOf(c) >= 0 || c == '[' ? "\\" : "").append(c);
      }
    }
    return regex.toString();
  }
}
