package dev.esteira.net;

import dev.esteira.base.Commands;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Programs;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Brings one home's table in the kernel to the rules that are asked for. */
final class Firewall {
  private static final System.Logger LOG = System.getLogger(Firewall.class.getName());
  private static final Duration NFT_LIMIT = Duration.ofSeconds(30);

  private final String id;
  private final AddressPlan plan;
  private Rules applied = Rules.NONE;
  private boolean up;

  Firewall(String id, AddressPlan plan) {
    this.id = id;
    this.plan = plan;
  }

  String table() {
    return "esteira_" + id;
  }

  /** Replaces the whole table; connections that exist keep their translation. */
  synchronized void replace(Rules rules) {
    String text = rules.table(id, plan) + (hasIpv6() ? rules.table6(id) : "");
    try {
      nft(text);
    } catch (EsteiraException e) {
      // Kernels before 5.10 cannot tell who listens on all addresses.
      LOG.log(Level.WARNING, "published ports stay closed to sandboxes: {0}", e.getMessage());
      nft(text.replace(Rules.GATEWAY_RULE, ""));
    }
    applied = rules;
    up = true;
  }

  /** Brings the table to these rules; before the first {@link #replace} they only wait for it. */
  synchronized void apply(Rules rules) {
    if (!up || rules.equals(applied)) {
      return;
    }
    boolean onlyCaptured = rules.equals(applied.withCaptured(rules.captured()));
    if (!onlyCaptured) {
      replace(rules);
      return;
    }
    try {
      nft(applied.change(table(), rules));
      applied = rules;
    } catch (EsteiraException e) {
      // Somebody flushed or changed the table; the whole of it puts that right.
      LOG.log(Level.WARNING, "making the table {0} anew: {1}", table(), e.getMessage());
      replace(rules);
    }
  }

  /** Whether the kernel has the table. */
  boolean exists() {
    return Commands.run(
            NFT_LIMIT,
            "",
            List.of(Programs.require("nft"), "list", "chain", "ip", table(), "input"))
        .ok();
  }

  synchronized void remove() {
    nft(removal("ip") + (hasIpv6() ? removal("ip6") : ""));
    applied = Rules.NONE;
    up = false;
  }

  private String removal(String family) {
    return "add table %s %s\ndelete table %s %s\n".formatted(family, table(), family, table());
  }

  private static boolean hasIpv6() {
    return Files.exists(Path.of("/proc/net/if_inet6"));
  }

  static void nft(String text) {
    Commands.Result result =
        Commands.run(NFT_LIMIT, text, List.of(Programs.require("nft"), "-f", "-"));
    if (!result.ok()) {
      throw EsteiraException.internal("nft refused the rules: " + result.output().strip(), null);
    }
  }
}
