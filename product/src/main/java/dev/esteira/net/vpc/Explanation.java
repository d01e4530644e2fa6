package dev.esteira.net.vpc;

import java.util.List;

/**
 * Whether one end reaches another, and by which rules.
 *
 * @param decidedBy the first rule that denies, or the last one that had to allow
 */
public record Explanation(
    String from,
    String to,
    String protocol,
    int port,
    boolean allowed,
    String decidedBy,
    List<Step> steps) {
  /**
   * One place on the way that was asked.
   *
   * @param returning whether it was asked for the answer rather than for the packet that begins
   */
  public record Step(boolean returning, String at, boolean allowed, String rule) {}

  public Explanation {
    steps = List.copyOf(steps);
  }

  static Explanation of(Question asked, List<Step> steps) {
    // Of a way that is open, the last rule on the way there says most: that of the far end.
    Step deciding =
        steps.stream()
            .filter(s -> !s.allowed())
            .findFirst()
            .or(() -> steps.stream().filter(s -> !s.returning()).reduce((_, last) -> last))
            .orElseGet(steps::getLast);
    return new Explanation(
        asked.from().name(),
        asked.to().name(),
        asked.protocol(),
        asked.port(),
        deciding.allowed(),
        deciding.at() + ": " + deciding.rule(),
        steps);
  }

  /** A way in question. {@code sourcePort}: 0 for any that clients use. */
  public record Question(End from, End to, String protocol, int port, int sourcePort) {
    public Question {
      if (!List.of("tcp", "udp", "icmp").contains(protocol)) {
        throw CloudRefusal.invalid("'" + protocol + "' is none of tcp, udp, icmp");
      }
      if (port < 0 || port > 65535 || sourcePort < 0 || sourcePort > 65535) {
        throw CloudRefusal.invalid("'" + port + "' is no port: they are 0 to 65535");
      }
    }
  }

  /** One end: as it is called, and what it is. */
  public sealed interface End {
    String name();
  }

  /** An interface, by its holder; reached at its private address by its neighbours. */
  public record Inside(String name, String holder) implements End {}

  /** An address, whoever has it: one of the clouds' own, the house, or one outside. */
  public record Address(String name, String address, boolean internet) implements End {}
}
