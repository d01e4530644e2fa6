package dev.esteira.net.vpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rule sets, each tried with real packets in both senses: what it allows connects, what it does not
 * does not; and what the explanation says of each way is what happens.
 */
@Tag("system")
@Timeout(300)
class RuleSetsTest {
  private static TestingWorld world;

  /** {@code +web->db tcp 80} connects, {@code -web->db tcp 81} does not. */
  record RuleSet(String name, Consumer<TestingWorld> rules, List<String> ways) {
    static RuleSet of(String name, Consumer<TestingWorld> rules, String... ways) {
      return new RuleSet(name, rules, List.of(ways));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  @BeforeAll
  static void start() {
    world = new TestingWorld();
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  static Stream<RuleSet> groups() {
    return Stream.of(
        RuleSet.of(
            "a group without rules lets nobody in, and answers come back",
            w -> {},
            "-web->db tcp 80",
            "-db->web tcp 80",
            "-job->web tcp 80",
            "-web->mate tcp 80",
            "-web->db icmp 0",
            "+web->house tcp 28180"),
        RuleSet.of(
            "one port for everybody",
            w -> w.allow("web", "tcp", 80, 80, "0.0.0.0/0"),
            "+db->web tcp 80",
            "+job->web tcp 80",
            "+mate->web tcp 80",
            "-db->web tcp 443",
            "-db->web udp 80",
            "-db->web icmp 0",
            "-web->db tcp 80"),
        RuleSet.of(
            "a range of ports",
            w -> w.allow("web", "tcp", 400, 500, "0.0.0.0/0"),
            "+db->web tcp 443",
            "-db->web tcp 80",
            "-db->web tcp 5432"),
        RuleSet.of(
            "members of another group",
            w -> w.allow("db", "tcp", 5432, 5432, "web"),
            "+web->db tcp 5432",
            "+mate->db tcp 5432",
            "-job->db tcp 5432",
            "-web->db tcp 80"),
        RuleSet.of(
            "members of the same group",
            w -> w.allow("web", "-1", -1, -1, "web"),
            "+web->mate tcp 80",
            "+mate->web udp 80",
            "+web->mate icmp 0",
            "-db->web tcp 80"));
  }

  static Stream<RuleSet> ranges() {
    return Stream.of(
        RuleSet.of(
            "one subnet",
            w -> w.allow("web", "tcp", 80, 80, "10.20.2.0/24"),
            "+db->web tcp 80",
            "-mate->web tcp 80",
            "-job->web tcp 80"),
        RuleSet.of(
            "the jobs of the house",
            w -> w.allow("web", "tcp", 80, 80, w.house.networks.sandboxRange()),
            "+job->web tcp 80",
            "-db->web tcp 80"),
        RuleSet.of(
            "udp is not tcp",
            w -> w.allow("web", "udp", 80, 80, "0.0.0.0/0"),
            "+db->web udp 80",
            "-db->web tcp 80"),
        RuleSet.of(
            "echo alone",
            w -> w.allow("web", "icmp", 8, -1, "0.0.0.0/0"),
            "+db->web icmp 0",
            "-db->web tcp 80"),
        RuleSet.of(
            "another type of icmp is no echo",
            w -> w.allow("web", "icmp", 3, -1, "0.0.0.0/0"),
            "-db->web icmp 0"),
        RuleSet.of(
            "all protocols",
            w -> w.allow("web", "-1", -1, -1, "0.0.0.0/0"),
            "+db->web tcp 443",
            "+db->web udp 5432",
            "+db->web icmp 0",
            "+job->web tcp 80"));
  }

  static Stream<RuleSet> outward() {
    return Stream.of(
        RuleSet.of(
            "outwards only to one port",
            w -> {
              w.allow("db", "-1", -1, -1, "0.0.0.0/0");
              w.only("web", "tcp", 5432, 5432, "0.0.0.0/0");
            },
            "+web->db tcp 5432",
            "-web->db tcp 80",
            "-web->house tcp 28180",
            "+web->metadata tcp 80"),
        RuleSet.of(
            "outwards only to a group",
            w -> {
              w.allow("db", "-1", -1, -1, "0.0.0.0/0");
              w.allow("web", "-1", -1, -1, "0.0.0.0/0");
              w.only("web", "-1", -1, -1, "db");
            },
            "+web->db tcp 80",
            "-web->mate tcp 80",
            "-web->house tcp 28180",
            "+db->web tcp 80"),
        RuleSet.of(
            "no way out of the cloud, not for answers either, but neighbours and metadata",
            w -> {
              w.allow("db", "tcp", 80, 80, "0.0.0.0/0");
              w.house
                  .clouds
                  .routing()
                  .removeRoute(w.house.clouds.now().routesOf(w.first).id(), "0.0.0.0/0");
            },
            "+web->db tcp 80",
            "-job->db tcp 80",
            "-web->house tcp 28180",
            "+web->metadata tcp 80"));
  }

  static Stream<RuleSet> publics() {
    return Stream.of(
        RuleSet.of(
            "without a public address a gateway lets nobody out or in, but the house is there",
            w -> {
              w.allow("web", "-1", -1, -1, "0.0.0.0/0");
              w.hide("web");
            },
            "-web->far tcp 80",
            "-web->far icmp 0",
            "+mate->far tcp 80",
            "-far->web tcp 80",
            "+mate->web tcp 80",
            "+web->house tcp 28180",
            "+web->metadata tcp 80"),
        RuleSet.of(
            "through a NAT gateway out, but not in",
            w -> {
              w.allow("db", "-1", -1, -1, "0.0.0.0/0");
              w.hide("db");
              w.translated();
            },
            "+db->far tcp 80",
            "+db->far udp 5432",
            "+db->far icmp 0",
            "-far->db tcp 80",
            "+web->db tcp 80",
            "+db->house tcp 28180"),
        RuleSet.of(
            "a public address behind a NAT gateway gets no answers",
            w -> {
              w.allow("db", "-1", -1, -1, "0.0.0.0/0");
              w.translated();
            },
            "+db->far tcp 80",
            "-far->db tcp 80",
            "-job->db tcp 80",
            "+web->db tcp 80"),
        RuleSet.of(
            "a NAT gateway in a subnet without a way out",
            w -> {
              w.translated();
              w.house
                  .clouds
                  .routing()
                  .removeRoute(w.house.clouds.now().routesOf(w.first).id(), "0.0.0.0/0");
            },
            "-db->far tcp 80",
            "-db->house tcp 28180",
            "+db->metadata tcp 80"));
  }

  static Stream<RuleSet> lists() {
    return Stream.of(
        RuleSet.of(
            "an ACL denies what the group allows, and not within the subnet",
            w -> {
              w.allow("web", "tcp", 80, 443, "0.0.0.0/0");
              w.tcp("first", false, 100, false, 80, 80);
            },
            "-db->web tcp 80",
            "-job->web tcp 80",
            "+db->web tcp 443",
            "+mate->web tcp 80"),
        RuleSet.of(
            "the lower number decides: allow first",
            w -> {
              w.allow("web", "tcp", 80, 80, "0.0.0.0/0");
              w.tcp("first", false, 100, true, 80, 80);
              w.tcp("first", false, 200, false, 1, 65535);
              w.tcp("first", true, 200, true, 1, 65535);
            },
            "+db->web tcp 80"),
        RuleSet.of(
            "the lower number decides: deny first",
            w -> {
              w.allow("web", "tcp", 80, 80, "0.0.0.0/0");
              w.tcp("first", false, 100, false, 1, 1023);
              w.tcp("first", false, 200, true, 80, 80);
            },
            "-db->web tcp 80"));
  }

  static Stream<RuleSet> returns() {
    return Stream.of(
        RuleSet.of(
            "the mistake of return ports: answers need an entry of their own",
            w -> {
              w.allow("web", "tcp", 80, 80, "0.0.0.0/0");
              w.closed("first", true);
              w.tcp("first", true, 100, true, 80, 80);
            },
            "-db->web tcp 80",
            "+mate->web tcp 80"),
        RuleSet.of(
            "the mistake mended: ephemeral ports are allowed outwards",
            w -> {
              w.allow("web", "tcp", 80, 80, "0.0.0.0/0");
              w.closed("first", true);
              w.tcp("first", true, 100, true, 1024, 65535);
            },
            "+db->web tcp 80",
            "+job->web tcp 80",
            "-web->db tcp 80"),
        RuleSet.of(
            "the same mistake on the caller's side",
            w -> {
              w.allow("db", "tcp", 5432, 5432, "web");
              w.closed("first", false);
              w.tcp("first", false, 100, true, 80, 80);
            },
            "-web->db tcp 5432",
            "+web->metadata tcp 80"));
  }

  static Stream<RuleSet> closed() {
    return Stream.of(
        RuleSet.of(
            "an ACL closed whole cuts all but neighbours in the subnet and metadata",
            w -> {
              w.allow("web", "-1", -1, -1, "0.0.0.0/0");
              w.allow("db", "-1", -1, -1, "0.0.0.0/0");
              w.closed("first", false);
              w.closed("first", true);
            },
            "-db->web tcp 80",
            "-web->db tcp 80",
            "-web->house tcp 28180",
            "+web->mate tcp 80",
            "+web->metadata tcp 80"),
        RuleSet.of(
            "icmp alone passes the ACL",
            w -> {
              w.allow("db", "-1", -1, -1, "0.0.0.0/0");
              w.closed("second", false);
              w.entry(w.acls.get("second"), false, 100, 1, "0.0.0.0/0", true, -1, -1);
            },
            "+web->db icmp 0",
            "-web->db tcp 80"),
        RuleSet.of(
            "one caller's range is denied",
            w -> {
              w.allow("db", "tcp", 80, 80, "0.0.0.0/0");
              w.entry(
                  w.acls.get("second"),
                  false,
                  50,
                  -1,
                  w.house.networks.sandboxRange(),
                  false,
                  -1,
                  -1);
            },
            "+web->db tcp 80",
            "-job->db tcp 80"));
  }

  @ParameterizedTest
  @MethodSource({"groups", "ranges", "outward", "publics", "lists", "returns", "closed"})
  void holds(RuleSet set) {
    world.reset();

    set.rules().accept(world);

    List<TestingWorld.Probe> probes =
        set.ways().stream().map(way -> TestingWorld.Probe.of(way.substring(1))).toList();
    List<String> seen = new ArrayList<>();
    world
        .tried(probes)
        .forEach(
            (probe, answer) -> seen.add((TestingWorld.reached(answer) ? "+" : "-") + said(probe)));
    assertEquals(set.ways().stream().sorted().toList(), seen.stream().sorted().toList());
    for (String way : set.ways()) {
      TestingWorld.Probe probe = TestingWorld.Probe.of(way.substring(1));
      Explanation explanation = world.explained(probe, world.address(probe.from(), probe.to()), 0);
      assertEquals(way.startsWith("+"), explanation.allowed(), way + ": " + explanation);
      assertTrue(!explanation.decidedBy().isEmpty());
    }
  }

  @Test
  void theFarSideSeesTheAddressOfTheNatGateway() {
    world.reset();
    world.hide("db");
    String address = world.translated();
    TestingWorld.Probe probe = TestingWorld.Probe.of("db->far tcp 80");

    assertEquals("from " + address, world.tried(List.of(probe)).get(probe));
    assertEquals(
        "from " + world.house.nic("db").transitAddress(),
        world.machine("db").tcp(world.house.networks.houseAddress(), TestingWorld.DOOR));
  }

  private static String said(TestingWorld.Probe probe) {
    return probe.from() + "->" + probe.to() + " " + probe.protocol() + " " + probe.port();
  }
}
