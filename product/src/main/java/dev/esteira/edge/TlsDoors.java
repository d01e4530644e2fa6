package dev.esteira.edge;

import dev.esteira.base.EsteiraException;
import dev.esteira.edge.Edge.Mode;
import java.util.Locale;
import java.util.Set;

/**
 * The binds for encryption that the static configuration declares beforehand, each with
 * certificates of its own, because HAProxy chooses a certificate by bind and name, never by
 * address: 40 for HTTPS, then 10 for TLS.
 */
final class TlsDoors {
  static final int COUNT = 50;
  private static final int HTTPS_COUNT = 40;

  private TlsDoors() {}

  static int first(Mode mode) {
    return switch (mode) {
      case HTTP -> 0;
      case TCP -> HTTPS_COUNT;
    };
  }

  static int end(Mode mode) {
    return switch (mode) {
      case HTTP -> HTTPS_COUNT;
      case TCP -> COUNT;
    };
  }

  static boolean holds(Mode mode, int door) {
    return door >= first(mode) && door < end(mode);
  }

  static int free(Mode mode, Set<Integer> taken) {
    for (int door = first(mode); door < end(mode); door++) {
      if (!taken.contains(door)) {
        return door;
      }
    }
    throw EsteiraException.limit(
        "all %d doors for encrypted %s are taken; remove a listener"
            .formatted(end(mode) - first(mode), mode.name().toLowerCase(Locale.ROOT)));
  }
}
