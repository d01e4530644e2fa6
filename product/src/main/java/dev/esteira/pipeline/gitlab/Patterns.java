package dev.esteira.pipeline.gitlab;

import dev.esteira.base.EsteiraException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * {@code /pattern/flags} as GitLab reads them (RE2), translated; each search has a limit of steps,
 * because ours goes back where RE2 never does.
 */
final class Patterns {
  private static final int STEPS_MAX = 2_000_000;
  private static final Pattern WRITTEN = Pattern.compile("/(.*)/([ismU]*)", Pattern.DOTALL);

  private Patterns() {}

  /** Whether the text has the form of a pattern, valid or not. */
  static boolean looksLikeOne(String text) {
    return WRITTEN.matcher(text).matches();
  }

  /** The pattern; empty when it has not the form of one, or breaks its rules. */
  static Optional<Pattern> of(String text) {
    Matcher matcher = WRITTEN.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int flags = 0;
    String letters = matcher.group(2);
    flags |= letters.contains("i") ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0;
    flags |= letters.contains("s") ? Pattern.DOTALL : 0;
    flags |= letters.contains("m") ? Pattern.MULTILINE : 0;
    try {
      return Optional.of(Pattern.compile(translated(matcher.group(1)), flags));
    } catch (PatternSyntaxException e) {
      return Optional.empty();
    }
  }

  /** Whether the pattern is found in the text. */
  static boolean found(Pattern pattern, String text) {
    try {
      return pattern.matcher(new Counted(text)).find();
    } catch (StackOverflowError e) {
      throw tooLong(pattern);
    }
  }

  private static EsteiraException tooLong(Pattern pattern) {
    return EsteiraException.limit(
        "the pattern /" + pattern + "/ takes more than " + STEPS_MAX + " steps on its text");
  }

  /** What RE2 writes in another way: escaped slashes, named groups, classes, {@code $}. */
  private static String translated(String re2) {
    StringBuilder out = new StringBuilder();
    boolean inClass = false;
    for (int i = 0; i < re2.length(); i++) {
      char c = re2.charAt(i);
      if (c == '\\' && i + 1 < re2.length()) {
        char next = re2.charAt(++i);
        out.append(next == '/' ? "/" : "\\" + next);
      } else if (inClass && re2.startsWith("[:", i) && re2.indexOf(":]", i) > 0) {
        int end = re2.indexOf(":]", i);
        out.append(posix(re2.substring(i + 2, end)));
        i = end + 1;
      } else if (inClass && (c == '[' || c == '&')) {
        out.append('\\').append(c);
      } else if (!inClass && re2.startsWith("(?P<", i)) {
        out.append("(?<");
        i += 3;
      } else {
        boolean opens = !inClass && c == '[';
        inClass = opens || (inClass && c != ']');
        out.append(c);
        if (opens) {
          i = classStart(re2, i, out);
        }
      }
    }
    return out.toString();
  }

  /** A {@code ]} that comes first in a class means itself. */
  private static int classStart(String re2, int at, StringBuilder out) {
    int i = at;
    if (re2.startsWith("^", i + 1)) {
      out.append('^');
      i++;
    }
    if (re2.startsWith("]", i + 1)) {
      out.append("\\]");
      i++;
    }
    return i;
  }

  private static String posix(String name) {
    return switch (name) {
      case "alpha" -> "\\p{Alpha}";
      case "digit" -> "\\p{Digit}";
      case "alnum" -> "\\p{Alnum}";
      case "upper" -> "\\p{Upper}";
      case "lower" -> "\\p{Lower}";
      case "space" -> "\\s";
      case "punct" -> "\\p{Punct}";
      case "xdigit" -> "\\p{XDigit}";
      case "word" -> "\\w";
      default -> "\\[:" + name + ":";
    };
  }

  /** A text that counts how often it is looked at. */
  private static final class Counted implements CharSequence {
    private final String text;
    private int steps;

    Counted(String text) {
      this.text = text;
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (++steps > STEPS_MAX) {
        throw EsteiraException.limit(
            "a pattern takes more than " + STEPS_MAX + " steps on its text");
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
