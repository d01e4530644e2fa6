package dev.esteira.net;

import dev.esteira.net.Networks.Admitted;
import dev.esteira.net.Networks.Guarded;
import java.util.List;

/**
 * Who may open connections to addresses of the range, as a table of its own beside the {@link
 * Firewall}'s: it looks before addresses are rewritten. The kernel keeps it when this process ends.
 */
final class Guards {
  private final String table;
  private List<Guarded> applied = List.of();

  Guards(String id) {
    this.table = "esteira_" + id + "_guard";
  }

  synchronized void apply(List<Guarded> all) {
    Firewall.nft(text(all));
    applied = List.copyOf(all);
  }

  /** After somebody flushed the tables. */
  synchronized void again() {
    if (!applied.isEmpty()) {
      Firewall.nft(text(applied));
    }
  }

  synchronized void remove() {
    Firewall.nft(removal());
    applied = List.of();
  }

  private String removal() {
    return "add table ip %1$s\ndelete table ip %1$s\n".formatted(table);
  }

  /** Made anew in one transaction. */
  String text(List<Guarded> all) {
    if (all.isEmpty()) {
      return removal();
    }
    StringBuilder chains = new StringBuilder();
    StringBuilder jumps = new StringBuilder();
    for (int i = 0; i < all.size(); i++) {
      Guarded each = all.get(i);
      chains.append("  chain guard").append(i).append(" {\n");
      for (Admitted admitted : each.admitted()) {
        chains.append(
            "    ip saddr %s tcp dport %d-%d accept\n"
                .formatted(admitted.range(), admitted.fromPort(), admitted.toPort()));
      }
      chains.append("    drop\n  }\n");
      String mirror = AddressPlan.text(AddressPlan.mirror(AddressPlan.parse(each.address())));
      jumps.append(
          "    ct state new ip daddr { %s, %s } meta l4proto tcp jump guard%d\n"
              .formatted(each.address(), mirror, i));
    }
    return removal()
        + """
        table ip %s {
        %s
          chain prerouting {
            type filter hook prerouting priority -110; policy accept;
        %s
          }
          chain output {
            type filter hook output priority -110; policy accept;
        %s
          }
        }
        """
            .formatted(table, chains, jumps, jumps);
  }
}
