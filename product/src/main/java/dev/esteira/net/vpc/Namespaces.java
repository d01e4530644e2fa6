package dev.esteira.net.vpc;

import dev.esteira.base.Commands;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Network namespaces of VPCs and the links into them, by the programs {@code ip}, {@code nft} and
 * {@code nsenter}. Every call brings the kernel to what is asked for, whatever it finds.
 */
final class Namespaces {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final Path NAMED = Path.of("/run/netns");
  private static final Path LINKS = Path.of("/sys/class/net");
  private static final String UPLINK = PolicyRules.UPLINK;
  // Each uplink is a world of its own, so all of them may have the same addresses.
  private static final String INNER = "169.254.200.1";
  private static final String OUTER = "169.254.200.2";
  private static final String INNER_MAC = "02:0e:00:00:00:01";
  private static final String OUTER_MAC = "02:0e:00:00:00:02";
  private static final Pattern ROUTE = Pattern.compile("^(?:unicast )?([0-9.]+)(?:/32)? .*");

  private final String homeId;
  private final String house;

  Namespaces(String homeId, String house) {
    this.homeId = homeId;
    this.house = house;
  }

  private static String prefix(String homeId) {
    return "esteira-" + homeId + "-";
  }

  String namespace(Vpc vpc) {
    return prefix(homeId) + vpc.id().substring(vpc.id().length() - 7);
  }

  /** The host's end of the uplink; it looks like a sandbox's bridge to the host's firewall. */
  String uplink(Vpc vpc) {
    return "es" + homeId + "-v" + vpc.id().substring(vpc.id().length() - 7);
  }

  boolean exists(Vpc vpc) {
    return Files.exists(NAMED.resolve(namespace(vpc))) && Files.exists(LINKS.resolve(uplink(vpc)));
  }

  /** Makes the namespace and its uplink. */
  void make(Vpc vpc) {
    String name = namespace(vpc);
    if (!Files.exists(NAMED.resolve(name))) {
      ip(List.of("netns", "add", name));
    }
    String uplink = uplink(vpc);
    if (!Files.exists(LINKS.resolve(uplink))) {
      ip(
          List.of(
              "link", "add", uplink, "address", OUTER_MAC, "type", "veth", "peer", "name", UPLINK,
              "address", INNER_MAC, "netns", name));
    }
    ipBatch(
        List.of(),
        List.of(
            "link set " + uplink + " up",
            "neigh replace "
                + INNER
                + " lladdr "
                + INNER_MAC
                + " dev "
                + uplink
                + " nud permanent"));
    calm(name);
    ipBatch(
        List.of("-n", name),
        List.of(
            "link set lo up",
            "addr replace " + INNER + "/32 dev lo",
            "link set " + UPLINK + " up",
            "neigh replace " + OUTER + " lladdr " + OUTER_MAC + " dev " + UPLINK + " nud permanent",
            "route replace default via " + OUTER + " dev " + UPLINK + " onlink"));
    Commands.run(
        LIMIT,
        "",
        List.of("/bin/sh", "-c", "echo 0 > /proc/sys/net/ipv4/conf/" + uplink + "/rp_filter"));
  }

  /** The kernel neither doubts where packets come from nor tells of shorter ways; no IPv6. */
  private static void calm(String name) {
    inside(
        name,
        "for f in all default; do"
            + " echo 0 > /proc/sys/net/ipv4/conf/$f/rp_filter;"
            + " echo 0 > /proc/sys/net/ipv4/conf/$f/send_redirects;"
            + " echo 0 > /proc/sys/net/ipv4/conf/$f/accept_redirects;"
            + " [ ! -e /proc/sys/net/ipv6 ] || echo 1 > /proc/sys/net/ipv6/conf/$f/disable_ipv6;"
            + " done; echo 0 > /proc/sys/net/ipv4/conf/"
            + UPLINK
            + "/rp_filter");
  }

  /** Lets packets through, once there are rules for them. */
  void open(Vpc vpc) {
    inside(namespace(vpc), "echo 1 > /proc/sys/net/ipv4/ip_forward");
  }

  /** The table of the namespace, replaced as a whole. */
  void rules(Vpc vpc, String text) {
    check(nft(vpc, text, "-f", "-"), "the rules of " + vpc.id());
  }

  /** What the sets of the table hold, in nft's words. */
  String sets(Vpc vpc) {
    return nft(vpc, "", "-j", "list", "sets").output();
  }

  private Commands.Result nft(Vpc vpc, String input, String... arguments) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(Programs.require("ip"), "netns", "exec", namespace(vpc)));
    command.add(Programs.require("nft"));
    command.addAll(List.of(arguments));
    return Commands.run(LIMIT, input, command);
  }

  /** The addresses by which the host reaches interfaces of the VPC: these and no others. */
  void routes(Vpc vpc, Set<String> transit, Set<String> elastic) {
    String uplink = uplink(vpc);
    List<String> changes = new ArrayList<>();
    // Elastic addresses lie in a range that is local as a whole: only its table can except one.
    changes(uplink, "main", transit, changes);
    changes(uplink, "local", elastic, changes);
    if (!changes.isEmpty()) {
      ipBatch(List.of(), changes);
    }
  }

  private void changes(String uplink, String table, Set<String> wanted, List<String> changes) {
    Set<String> have = new TreeSet<>();
    Commands.run(
            LIMIT,
            "",
            List.of(Programs.require("ip"), "-4", "route", "show", "table", table, "dev", uplink))
        .output()
        .lines()
        .map(line -> ROUTE.matcher(line.strip()))
        .filter(Matcher::matches)
        .forEach(m -> have.add(m.group(1)));
    for (String address : have) {
      if (!wanted.contains(address)) {
        changes.add("route del unicast " + address + " dev " + uplink + " table " + table);
      }
    }
    for (String address : wanted) {
      if (!have.contains(address)) {
        changes.add(
            "route replace unicast %s via %s dev %s onlink src %s table %s"
                .formatted(address, INNER, uplink, house, table));
      }
    }
  }

  /** Makes {@code eth0} of the interface in the namespace of the process, if it is not there. */
  void plug(Vpc vpc, NetworkInterface nic, Subnet subnet, long pid) {
    String name = namespace(vpc);
    String link = PolicyRules.link(nic);
    if (!isPlugged(name, link, nic, pid)) {
      Commands.run(LIMIT, "", List.of(Programs.require("ip"), "-n", name, "link", "delete", link));
      ip(
          List.of(
              "-n",
              name,
              "link",
              "add",
              link,
              "type",
              "veth",
              "peer",
              "name",
              "eth0",
              "address",
              nic.mac(),
              "netns",
              String.valueOf(pid)));
    }
    inside(
        name,
        "c=/proc/sys/net/ipv4/conf/%s; echo 1 > $c/proxy_arp; echo 0 > $c/rp_filter; "
                .formatted(link)
            + "echo 0 > /proc/sys/net/ipv4/neigh/%s/proxy_delay".formatted(link));
    ipBatch(
        List.of("-n", name),
        List.of(
            "link set " + link + " up",
            "neigh replace %s lladdr %s dev %s nud permanent"
                .formatted(nic.privateAddress(), nic.mac(), link),
            "route replace " + nic.privateAddress() + "/32 dev " + link));
    configure(nic, subnet, pid);
  }

  /**
   * Its {@code eth0}, as the process sees it: an address, and the subnet's first as the way out.
   */
  private static void configure(NetworkInterface nic, Subnet subnet, long pid) {
    Range range = Range.parse(subnet.cidr());
    List<String> enter = List.of(Programs.require("nsenter"), "-t", String.valueOf(pid), "-n");
    batch(
        enter,
        List.of(),
        List.of(
            "link set lo up",
            "addr replace %s/%d dev eth0".formatted(nic.privateAddress(), range.prefix()),
            "link set eth0 up",
            "route replace default via " + Range.text(range.base() + 1) + " dev eth0"));
  }

  private static boolean isPlugged(String namespace, String link, NetworkInterface nic, long pid) {
    String ip = Programs.require("ip");
    boolean inner =
        Commands.run(LIMIT, "", List.of(ip, "-n", namespace, "link", "show", link)).ok();
    return inner
        && Commands.run(
                LIMIT,
                "",
                List.of(
                    Programs.require("nsenter"),
                    "-t",
                    String.valueOf(pid),
                    "-n",
                    ip,
                    "-o",
                    "link",
                    "show",
                    "eth0"))
            .output()
            .contains(nic.mac());
  }

  void unplug(Vpc vpc, NetworkInterface nic) {
    if (Files.exists(NAMED.resolve(namespace(vpc)))) {
      Commands.run(
          LIMIT,
          "",
          List.of(
              Programs.require("ip"),
              "-n",
              namespace(vpc),
              "link",
              "delete",
              PolicyRules.link(nic)));
    }
  }

  void remove(Vpc vpc) {
    remove(uplink(vpc), namespace(vpc));
  }

  private static void remove(String uplink, String namespace) {
    if (Files.exists(LINKS.resolve(uplink))) {
      Commands.run(LIMIT, "", List.of(Programs.require("ip"), "link", "delete", uplink));
    }
    if (Files.exists(NAMED.resolve(namespace))) {
      Commands.run(LIMIT, "", List.of(Programs.require("ip"), "netns", "delete", namespace));
    }
  }

  /** Removes all of this home. */
  static void removeAll(String homeId) {
    for (Path directory : List.of(LINKS, NAMED)) {
      if (!Files.isDirectory(directory)) {
        continue;
      }
      try (Stream<Path> entries = Files.list(directory)) {
        entries
            .map(entry -> entry.getFileName().toString())
            .forEach(name -> {
              if (name.startsWith("es" + homeId + "-v")) {
                remove(name, "-");
              } else if (name.startsWith(prefix(homeId))) {
                Commands.run(LIMIT, "", List.of(Programs.require("ip"), "netns", "delete", name));
              }
            });
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException("could not list " + directory, e);
      }
    }
  }

  private static void inside(String namespace, String script) {
    check(
        Commands.run(
            LIMIT,
            "",
            List.of(Programs.require("ip"), "netns", "exec", namespace, "/bin/sh", "-c", script)),
        "settings of " + namespace);
  }

  private static void ip(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(Programs.require("ip")));
    command.addAll(arguments);
    check(Commands.run(LIMIT, "", command), "ip " + String.join(" ", arguments));
  }

  private static void ipBatch(List<String> options, List<String> lines) {
    batch(List.of(), options, lines);
  }

  private static void batch(List<String> enter, List<String> options, List<String> lines) {
    List<String> command = new ArrayList<>(enter);
    command.add(Programs.require("ip"));
    command.addAll(options);
    command.addAll(List.of("-4", "-batch", "-"));
    check(Commands.run(LIMIT, String.join("\n", lines) + "\n", command), String.join("; ", lines));
  }

  private static void check(Commands.Result result, String what) {
    if (!result.ok()) {
      throw EsteiraException.internal(
          "could not bring " + what + " into the kernel: " + result.output().strip(), null);
    }
  }
}
