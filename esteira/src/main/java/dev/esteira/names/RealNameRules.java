package dev.esteira.names;

import java.util.Optional;

/** The rules behind {@link RealNames}; the names owner completes them. */
final class RealNameRules {
  private RealNameRules() {}

  static Optional<RealNames.Meaning> meaning(String host) {
    return Optional.empty();
  }

  static Optional<String> repository(String host, String path, String house) {
    return meaning(host)
        .map(m -> path)
        .or(() -> host.equals(house) ? Optional.of(path) : Optional.empty());
  }
}
