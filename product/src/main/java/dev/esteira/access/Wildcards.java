package dev.esteira.access;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Names with {@code *} for any characters. */
final class Wildcards {
  private Wildcards() {}

  static boolean match(String pattern, String name) {
    String regex =
        Arrays.stream(pattern.split("\\*", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*"));
    return Pattern.compile(regex, Pattern.DOTALL).matcher(name).matches();
  }

  /** Whether one of the comma-separated patterns matches. */
  static boolean anyMatches(String patterns, String name) {
    return Arrays.stream(patterns.split(","))
        .map(String::strip)
        .filter(p -> !p.isEmpty())
        .anyMatch(p -> match(p, name));
  }
}
