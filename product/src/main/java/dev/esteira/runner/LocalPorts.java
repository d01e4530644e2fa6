package dev.esteira.runner;

import dev.esteira.base.Commands;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Programs;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * Lets the ports that a job's containers publish answer at the job's own localhost: scripts that
 * were written beside a daemon of the same machine look for them there. The rules live in the
 * network namespace of the sandbox and go with it.
 */
final class LocalPorts {
  private static final Logger LOG = Logger.getLogger(LocalPorts.class.getName());
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final String LET_OUT =
      "echo 1 >/proc/sys/net/ipv4/conf/all/route_localnet && exec \"$1\" -f -";

  private final Parts parts;
  private final String owner;
  private final String container;

  LocalPorts(Parts parts, String owner, String container) {
    this.parts = parts;
    this.owner = owner;
    this.container = container;
  }

  /** Replaces what was set before. A job without it works but for localhost: never a failure. */
  void set(List<Integer> ports) {
    try {
      String gateway = parts.networks().bridge(owner, false).gateway();
      long pid =
          parts
              .engine()
              .inspectContainer(container)
              .map(c -> c.at("/State/Pid").asLong())
              .orElse(0L);
      if (pid == 0) {
        return;
      }
      Commands.check(
          LIMIT,
          table(ports, gateway),
          List.of(
              Programs.require("nsenter"),
              "--target",
              Long.toString(pid),
              "--net",
              "/bin/sh",
              "-c",
              LET_OUT,
              "sh",
              Programs.require("nft")));
    } catch (EsteiraException e) {
      LOG.log(
          Level.INFO,
          "published ports of {0} do not answer at its localhost: {1}",
          new Object[] {owner, e.text()});
    }
  }

  static String table(List<Integer> ports, String gateway) {
    String empty = "add table ip esteira\ndelete table ip esteira\n";
    if (ports.isEmpty()) {
      return empty;
    }
    String all = ports.stream().map(String::valueOf).collect(Collectors.joining(", "));
    return empty
        + """
        table ip esteira {
          chain output {
            type nat hook output priority -101; policy accept;
            ip daddr 127.0.0.1 tcp dport { %s } dnat to %s
          }
          chain postrouting {
            type nat hook postrouting priority 99; policy accept;
            ip saddr 127.0.0.0/8 ip daddr %s masquerade
          }
        }
        """
            .formatted(all, gateway, gateway);
  }
}
