package dev.esteira.cli;

import dev.esteira.base.EsteiraException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code NAME=VALUE} arguments, split at the first equals sign. */
final class Pairs {
  private Pairs() {}

  static Map<String, String> of(List<String> arguments) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String pair : arguments) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw EsteiraException.invalid("'" + pair + "' has no name: expected NAME=VALUE");
      }
      pairs.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    return pairs;
  }
}
