package dev.esteira.net;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What one home asks of the firewall, as values, and its text for {@code nft -f}.
 *
 * @param captured {@code address . port} to {@code address . port}, tcp
 * @param redirectedTcp the same for ports of the house address
 * @param redirectedUdp the same for udp
 * @param doors tcp ports of the house address that sandboxes may reach; none named means all
 * @param metadataPort one more that instances may reach; 0 for none
 */
record Rules(
    Map<String, String> captured,
    Map<String, String> redirectedTcp,
    Map<String, String> redirectedUdp,
    List<Integer> doors,
    int metadataPort) {
  /** A service has an address or two and a handful of ports; each stands twice, for 127.77 too. */
  static final int CAPTURED_MAX = 1 << 16;

  static final Rules NONE = new Rules(Map.of(), Map.of(), Map.of(), List.of(), 0);

  Rules {
    captured = Map.copyOf(captured);
    redirectedTcp = Map.copyOf(redirectedTcp);
    redirectedUdp = Map.copyOf(redirectedUdp);
    doors = List.copyOf(new TreeSet<>(doors));
  }

  Rules withCaptured(Map<String, String> next) {
    return new Rules(next, redirectedTcp, redirectedUdp, doors, metadataPort);
  }

  Rules withDoors(List<Integer> next) {
    return new Rules(captured, redirectedTcp, redirectedUdp, next, metadataPort);
  }

  Rules withMetadataPort(int next) {
    return new Rules(captured, redirectedTcp, redirectedUdp, doors, next);
  }

  Rules withRedirect(boolean udp, String from, String to) {
    Map<String, String> next = new TreeMap<>(udp ? redirectedUdp : redirectedTcp);
    next.put(from, to);
    return udp
        ? new Rules(captured, redirectedTcp, next, doors, metadataPort)
        : new Rules(captured, next, redirectedUdp, doors, metadataPort);
  }

  /** The commands that turn the captured addresses into those of {@code next}, in one batch. */
  String change(String table, Rules next) {
    List<String> gone = new ArrayList<>();
    List<String> come = new ArrayList<>();
    captured.forEach((from, to) -> {
      if (!to.equals(next.captured().get(from))) {
        gone.add(from);
      }
    });
    next.captured()
        .forEach((from, to) -> {
          if (!to.equals(captured.get(from))) {
            come.add(from + " : " + to);
          }
        });
    return batch("delete", table, gone) + batch("add", table, come);
  }

  private static String batch(String verb, String table, List<String> elements) {
    return elements.isEmpty()
        ? ""
        : "%s element ip %s captured { %s }\n".formatted(verb, table, String.join(", ", elements));
  }

  /** The table, made anew in one transaction: what was there before works until this does. */
  String table(String id, AddressPlan plan) {
    String doorRule =
        doors.isEmpty()
            ? "ip daddr HOUSEADDR meta l4proto tcp accept"
            : "ip daddr HOUSEADDR tcp dport { "
                + String.join(", ", doors.stream().map(String::valueOf).toList())
                + " } accept";
    return TABLE
        .replace("DOORRULE", doorRule)
        .replace("METADATARULE", metadataRule())
        .replace("AWAYRULES", awayRules())
        .replace("GATEWAYRULE", GATEWAY_RULE)
        .replace("CAPTURED", elements(captured))
        .replace("REDIRECTEDTCP", elements(redirectedTcp))
        .replace("REDIRECTEDUDP", elements(redirectedUdp))
        .replace("TABLE", "esteira_" + id)
        .replace("ENGINEBRIDGE", "\"est" + id + "d0\"")
        .replace("BRIDGES", "\"es" + id + "-*\"")
        .replace("HOUSEADDR", AddressPlan.text(plan.house()))
        .replace("HOUSERANGE", plan.houseRange())
        .replace("MIRROR", mirror(plan))
        .replace("SANDBOX", plan.sandboxRange())
        .replace("TRANSIT", plan.transitRange())
        .replace("MARK", mark(id));
  }

  private String metadataRule() {
    return metadataPort == 0
        ? ""
        : "ip saddr TRANSIT ip daddr HOUSEADDR tcp dport " + metadataPort + " accept";
  }

  /**
   * While the process of the house is gone, its doors would refuse; a machine that boots meanwhile
   * takes that for an answer. Without one it asks again, and finds the house back.
   */
  private String awayRules() {
    TreeSet<String> ports = new TreeSet<>();
    doors.forEach(door -> ports.add(String.valueOf(door)));
    redirectedTcp.values().forEach(to -> ports.add(to.substring(to.lastIndexOf(' ') + 1)));
    String refusal = " tcp flags & (syn | rst | ack) == (rst | ack) tcp sequence 0 drop\n";
    String rules = "icmp type destination-unreachable icmp code port-unreachable drop\n";
    if (!ports.isEmpty()) {
      rules += "      tcp sport { " + String.join(", ", ports) + " }" + refusal;
    }
    if (metadataPort != 0) {
      rules += "      ip daddr TRANSIT tcp sport " + metadataPort + refusal;
    }
    return rules;
  }

  private static String mirror(AddressPlan plan) {
    return "127" + plan.houseRange().substring(2);
  }

  /** No sandbox has IPv6 of ours; its link-local addresses must not lead to the host's doors. */
  String table6(String id) {
    return TABLE6
        .replace("TABLE", "esteira_" + id)
        .replace("ENGINEBRIDGE", "\"est" + id + "d0\"")
        .replace("BRIDGES", "\"es" + id + "-*\"");
  }

  /** The packet mark by which other firewalls of the machine can tell what we let through. */
  static String mark(String id) {
    return "0x4553" + id;
  }

  private static String elements(Map<String, String> map) {
    if (map.isEmpty()) {
      return "";
    }
    List<String> lines = new ArrayList<>();
    new TreeMap<>(map).forEach((from, to) -> lines.add(from + " : " + to));
    return "elements = { " + String.join(", ", lines) + " }";
  }

  /**
   * A sandbox reaches, of its own gateway, what was opened on that very address: its Docker API,
   * and the ports that its containers publish. What listens on all addresses is the host's.
   */
  static final String GATEWAY_RULE =
      "fib daddr . iif type local meta l4proto tcp socket wildcard 0 accept";

  private static final String TABLE =
      """
      add table ip TABLE
      delete table ip TABLE
      table ip TABLE {
        map captured {
          type ipv4_addr . inet_service : ipv4_addr . inet_service
          size 65536
          CAPTURED
        }
        map redirected_tcp {
          type ipv4_addr . inet_service : ipv4_addr . inet_service
          REDIRECTEDTCP
        }
        map redirected_udp {
          type ipv4_addr . inet_service : ipv4_addr . inet_service
          REDIRECTEDUDP
        }
        # Who calls is told by the source address, so a false one ends here.
        chain guard {
          type filter hook prerouting priority -300; policy accept;
          iifname BRIDGES fib saddr . iif oif missing drop
          iifname ENGINEBRIDGE fib saddr . iif oif missing drop
          ip saddr SANDBOX iifname != "lo" fib saddr . iif oif missing drop
          ip saddr HOUSERANGE iifname != "lo" fib saddr . iif oif missing drop
        }
        chain rewrite {
          dnat ip to ip daddr . tcp dport map @captured
          dnat ip to ip daddr . tcp dport map @redirected_tcp
          dnat ip to ip daddr . udp dport map @redirected_udp
        }
        chain prerouting {
          type nat hook prerouting priority -105; policy accept;
          ip saddr { SANDBOX, HOUSERANGE } ip daddr HOUSERANGE jump rewrite
        }
        chain output {
          type nat hook output priority -105; policy accept;
          ip daddr HOUSERANGE jump rewrite
          ip daddr MIRROR jump rewrite
        }
        chain postrouting {
          type nat hook postrouting priority 100; policy accept;
          # Among ourselves everybody is seen by the address that rules know.
          ip saddr { SANDBOX, HOUSERANGE } ip daddr { SANDBOX, HOUSERANGE } return
          ip saddr { SANDBOX, HOUSERANGE } oifname != "lo" masquerade
        }
        chain input {
          type filter hook input priority -10; policy accept;
          iifname "lo" accept
          iifname BRIDGES jump sandbox
          iifname ENGINEBRIDGE jump sandbox
          ip saddr SANDBOX jump sandbox
          ip daddr HOUSERANGE drop
        }
        chain sandbox {
          ct state established,related meta mark set MARK accept
          ct status dnat ct original ip daddr HOUSERANGE meta mark set MARK accept
          ip daddr HOUSEADDR icmp type echo-request accept
          DOORRULE
          METADATARULE
          GATEWAYRULE
          meta l4proto tcp reject with tcp reset
          reject with icmp type admin-prohibited
        }
        # The host's own clients hear at once that nobody is there.
        chain away {
          type filter hook output priority 0; policy accept;
          oifname "lo" accept
          ip saddr != HOUSEADDR accept
          AWAYRULES
        }
        chain forward {
          type filter hook forward priority -10; policy accept;
          ip saddr { SANDBOX, HOUSERANGE } jump from_sandbox
          ip daddr { SANDBOX, HOUSERANGE } jump to_sandbox
        }
        chain from_sandbox {
          ct state established,related meta mark set MARK accept
          ip daddr 169.254.0.0/16 meta l4proto tcp reject with tcp reset
          ip daddr 169.254.0.0/16 reject with icmp type admin-prohibited
          ip daddr SANDBOX fib daddr . iif oif exists meta mark set MARK accept
          ip daddr SANDBOX meta l4proto tcp reject with tcp reset
          ip daddr SANDBOX reject with icmp type admin-prohibited
          meta mark set MARK accept
        }
        chain to_sandbox {
          ct state established,related meta mark set MARK accept
          drop
        }
      }
      """;

  private static final String TABLE6 =
      """
      add table ip6 TABLE
      delete table ip6 TABLE
      table ip6 TABLE {
        chain input {
          type filter hook input priority -10; policy accept;
          iifname BRIDGES drop
          iifname ENGINEBRIDGE drop
        }
        chain forward {
          type filter hook forward priority -10; policy accept;
          iifname BRIDGES drop
          iifname ENGINEBRIDGE drop
        }
      }
      """;
}
