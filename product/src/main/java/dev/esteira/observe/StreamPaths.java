package dev.esteira.observe;

import dev.esteira.base.EsteiraException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Maps the name of a stream to its directory, one to one. What is not a letter, a digit, '-', '_'
 * or a dot within a name is written as %XX; the directory of a stream ends in '~', which no part of
 * a name can, so that the stream {@code a/b} may lie below the stream {@code a}.
 */
final class StreamPaths {
  private static final int NAME_CHARACTERS_MAX = 512;
  private static final int PART_CHARACTERS_MAX = 200;

  private static final String PLAIN =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

  private StreamPaths() {}

  static Path directory(Path root, String stream) {
    if (stream.isEmpty() || stream.length() > NAME_CHARACTERS_MAX) {
      throw EsteiraException.invalid(
          "a log stream's name has 1 to %d characters, not %d"
              .formatted(NAME_CHARACTERS_MAX, stream.length()));
    }
    Path path = root;
    String[] parts = stream.split("/", -1);
    for (int i = 0; i < parts.length; i++) {
      String part = encoded(parts[i]);
      if (part.isEmpty() || part.length() > PART_CHARACTERS_MAX) {
        throw EsteiraException.invalid(
            "the log stream '%s' has a part that is empty or longer than %d characters"
                .formatted(stream, PART_CHARACTERS_MAX));
      }
      path = path.resolve(i == parts.length - 1 ? part + "~" : part);
    }
    return path;
  }

  private static String encoded(String part) {
    StringBuilder safe = new StringBuilder();
    for (byte each : part.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (each & 0xFF);
      boolean plain = PLAIN.indexOf(c) >= 0 || (c == '.' && !safe.isEmpty());
      safe.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "%%%02X", (int) c));
    }
    return safe.toString();
  }
}
