package dev.esteira.proxy;

import java.util.Map;

/**
 * Variables and quotes in a word of a Dockerfile: {@code $A}, {@code ${A}}, {@code ${A:-word}},
 * {@code ${A:+word}} and the forms without the colon; single quotes keep a text as it is. Pure.
 */
final class DockerfileWords {
  private static final int DEPTH_MAX = 16;

  private final String word;
  private final char escape;
  private final Map<String, String> values;
  private final int depth;
  private int at;

  private DockerfileWords(String word, char escape, Map<String, String> values, int depth) {
    this.word = word;
    this.escape = escape;
    this.values = values;
    this.depth = depth;
  }

  static String expand(String word, char escape, Map<String, String> values) {
    return new DockerfileWords(word, escape, values, 0).run();
  }

  private String run() {
    if (depth > DEPTH_MAX) {
      throw EngineError.invalid("variables in '" + word + "' are nested deeper than " + DEPTH_MAX);
    }
    StringBuilder result = new StringBuilder();
    boolean doubled = false;
    while (at < word.length()) {
      char c = word.charAt(at++);
      if (c == '\'' && !doubled) {
        int end = word.indexOf('\'', at);
        end = end < 0 ? word.length() : end;
        result.append(word, at, end);
        at = Math.min(word.length(), end + 1);
      } else if (c == '"') {
        doubled = !doubled;
      } else if (c == escape && at < word.length()) {
        result.append(word.charAt(at++));
      } else if (c == '$') {
        result.append(variable());
      } else {
        result.append(c);
      }
    }
    return result.toString();
  }

  private String variable() {
    if (at < word.length() && word.charAt(at) == '{') {
      return braced();
    }
    int end = nameEnd(at);
    if (end == at) {
      return "$";
    }
    String name = word.substring(at, end);
    at = end;
    return values.getOrDefault(name, "");
  }

  private String braced() {
    int close = closing(at);
    String inner = word.substring(at + 1, close);
    at = Math.min(word.length(), close + 1);
    int end = 0;
    while (end < inner.length() && isNamePart(inner.charAt(end))) {
      end++;
    }
    String name = inner.substring(0, end);
    String operator = inner.substring(end);
    boolean colon = operator.startsWith(":");
    String rest = colon ? operator.substring(1) : operator;
    if (rest.isEmpty()) {
      return values.getOrDefault(name, "");
    }
    boolean set = values.containsKey(name) && !(colon && values.getOrDefault(name, "").isEmpty());
    String other = new DockerfileWords(rest.substring(1), escape, values, depth + 1).run();
    return switch (rest.charAt(0)) {
      case '-' -> set ? values.getOrDefault(name, "") : other;
      case '+' -> set ? other : "";
      case '?' -> {
        if (!set) {
          throw EngineError.invalid(name + ": " + (other.isEmpty() ? "not set" : other));
        }
        yield values.getOrDefault(name, "");
      }
      default ->
          throw EngineError.invalid(
              "failed to process '" + word + "': unsupported modifier in '${" + inner + "}'");
    };
  }

  private int closing(int open) {
    int level = 0;
    for (int i = open; i < word.length(); i++) {
      level += word.charAt(i) == '{' ? 1 : word.charAt(i) == '}' ? -1 : 0;
      if (level == 0) {
        return i;
      }
    }
    throw EngineError.invalid("failed to process '" + word + "': a '{' is never closed");
  }

  private int nameEnd(int from) {
    int end = from;
    while (end < word.length() && isNamePart(word.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isNamePart(char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}
