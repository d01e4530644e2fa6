package dev.esteira.net;

import dev.esteira.base.Commands;
import dev.esteira.base.Programs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lets what our table accepts through the iptables rules of others: another Docker's isolation
 * drops bridge-to-bridge packets, and its FORWARD policy drops the rest. What we accept carries our
 * mark; a rule that accepts the mark goes where the owner of those rules leaves room for it.
 */
final class ForeignFirewall {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final int REMOVALS_MAX = 16;

  private final String id;

  ForeignFirewall(String id) {
    this.id = id;
  }

  /** Puts the rules where they are needed and missing; called again and again. */
  void pass() {
    Optional<Path> iptables = Programs.find("iptables");
    if (iptables.isEmpty()) {
      return;
    }
    String path = iptables.get().toString();
    for (String chain : needed(list(path))) {
      if (!run(path, "-C", chain).ok()) {
        run(path, "-I", chain);
      }
    }
  }

  void remove() {
    Programs.find("iptables")
        .map(Path::toString)
        .ifPresent(path -> {
          for (String chain : List.of("DOCKER-USER", "FORWARD", "INPUT")) {
            int removed = 0;
            while (removed < REMOVALS_MAX && run(path, "-D", chain).ok()) {
              removed++;
            }
          }
        });
  }

  /** The chains, of a listing by {@code iptables -S}, that would drop what we accept. */
  static List<String> needed(String listing) {
    List<String> chains = new ArrayList<>();
    List<String> lines = listing.lines().map(String::strip).toList();
    if (lines.contains("-N DOCKER-USER")) {
      chains.add("DOCKER-USER");
    } else if (lines.contains("-P FORWARD DROP")) {
      chains.add("FORWARD");
    }
    if (lines.contains("-P INPUT DROP")) {
      chains.add("INPUT");
    }
    return chains;
  }

  private static String list(String iptables) {
    return Commands.run(LIMIT, "", List.of(iptables, "--wait", "5", "-S")).output();
  }

  private Commands.Result run(String iptables, String verb, String chain) {
    String mark = Rules.mark(id);
    List<String> command = new ArrayList<>(List.of(iptables, "--wait", "5", verb, chain));
    command.addAll(List.of("-m", "mark", "--mark", mark));
    command.addAll(List.of("-m", "comment", "--comment", "esteira " + id, "-j", "ACCEPT"));
    return Commands.run(LIMIT, "", command);
  }
}
