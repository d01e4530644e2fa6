package dev.esteira.proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The flags that an instruction begins with, as in {@code COPY --from=base --chown=1 a b}.
 *
 * @param flags as written, each with its dashes
 * @param rest what follows them
 */
record DockerfileFlags(List<String> flags, String rest) {
  private static final Pattern FLAG = Pattern.compile("^(--[a-z-]+(?:=\\S*)?)(?:\\s+|$)");

  DockerfileFlags {
    flags = List.copyOf(flags);
  }

  static DockerfileFlags of(String text) {
    List<String> flags = new ArrayList<>();
    String rest = text.strip();
    for (Matcher flag = FLAG.matcher(rest); flag.find(); flag = FLAG.matcher(rest)) {
      flags.add(flag.group(1));
      rest = rest.substring(flag.end()).strip();
    }
    return new DockerfileFlags(flags, rest);
  }

  /** The value of the first flag of that name; empty text for one without. */
  Optional<String> value(String name) {
    return values(name).stream().findFirst();
  }

  List<String> values(String name) {
    return flags.stream()
        .filter(flag -> name(flag).equals(name))
        .map(flag -> flag.contains("=") ? flag.substring(flag.indexOf('=') + 1) : "")
        .toList();
  }

  /** The flags whose names are kept, each followed by a blank. */
  String kept(Predicate<String> names) {
    return flags.stream()
        .filter(flag -> names.test(name(flag)))
        .map(flag -> flag + " ")
        .collect(Collectors.joining());
  }

  private static String name(String flag) {
    int equals = flag.indexOf('=');
    return flag.substring(2, equals < 0 ? flag.length() : equals);
  }
}
