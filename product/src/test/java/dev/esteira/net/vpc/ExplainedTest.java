package dev.esteira.net.vpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Random rules: what the explanation says of a way is what happens to real packets on it. */
@Tag("system")
@Timeout(600)
class ExplainedTest {
  private static final int ROUNDS = 8;
  private static final List<String> INSIDE = List.of("web", "mate", "db");
  private static final List<String> ALL = List.of("web", "mate", "far");
  private static final List<String> PROTOCOLS = List.of("tcp", "udp", "icmp");
  private static final List<Integer> PORTS = List.of(80, 5432);
  private static final List<String> PEERS =
      List.of(
          "0.0.0.0/0", "10.20.0.0/16", "10.20.1.0/24", "10.20.2.0/24", "10.128.0.0/9", "web", "db");

  /** A way with the port that the caller uses. */
  private record Try(TestingWorld.Probe probe, String address, int source) {
    TestingMachine.Attempt asked() {
      return new TestingMachine.Attempt(probe.protocol(), address, probe.port(), source);
    }
  }

  private int sources = 20_000;

  @Test
  void explanationsHoldForRandomRules() {
    long seed = Long.getLong("esteira.seed", new Random().nextLong(1_000_000));
    try (TestingWorld world = new TestingWorld()) {
      for (int round = 0; round < ROUNDS; round++) {
        Random random = new Random(seed + round);
        world.reset();
        change(world, random);
        check(world, random, "esteira.seed=" + (seed + round));
      }
    }
  }

  private static <T> T one(Random random, List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private static void change(TestingWorld world, Random random) {
    for (String group : List.of("web", "db")) {
      List<SecurityGroup.Rule> rules = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        rules.add(rule(world, random, false));
      }
      if (random.nextInt(3) == 0) {
        world.clear(world.groups.get(group));
        rules.add(rule(world, random, true));
        rules.add(rule(world, random, true));
      }
      List<SecurityGroup.Rule> different = new ArrayList<>();
      rules.stream()
          .filter(r -> different.stream().noneMatch(r::permitsSame))
          .forEach(different::add);
      world.house.clouds.groups().authorize(world.groups.get(group), different);
    }
    for (String acl : List.of("first", "second")) {
      for (boolean egress : List.of(true, false)) {
        entries(world, random, acl, egress);
      }
    }
    if (random.nextInt(2) == 0) {
      world.hide(one(random, INSIDE));
    }
    if (random.nextInt(3) == 0) {
      world.translated();
    }
    if (random.nextInt(5) == 0) {
      world
          .house
          .clouds
          .routing()
          .removeRoute(world.house.clouds.now().routesOf(world.first).id(), "0.0.0.0/0");
    }
  }

  private static SecurityGroup.Rule rule(TestingWorld world, Random random, boolean egress) {
    String protocol = one(random, List.of("tcp", "tcp", "udp", "icmp", "-1"));
    boolean ports = protocol.equals("tcp") || protocol.equals("udp");
    int from = ports ? one(random, List.of(0, 80, 400)) : -1;
    int to = ports ? one(random, List.of(443, 5432, 65535)) : -1;
    if (protocol.equals("icmp") && random.nextBoolean()) {
      from = one(random, List.of(3, 8));
    }
    return world.rule(egress, protocol, from, to, one(random, PEERS));
  }

  private static void entries(TestingWorld world, Random random, String acl, boolean egress) {
    if (random.nextInt(3) == 0) {
      world.closed(acl, egress);
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      int protocol = one(random, List.of(6, 6, 17, 1, -1));
      boolean ports = protocol == 6 || protocol == 17;
      world.entry(
          world.acls.get(acl),
          egress,
          100 * i,
          protocol,
          one(random, PEERS.subList(0, 5)),
          random.nextInt(3) > 0,
          ports ? one(random, List.of(0, 80, 1024, 30_000)) : protocol == 1 ? 8 : -1,
          ports ? one(random, List.of(40_000, 65_535)) : -1);
    }
  }

  private void check(TestingWorld world, Random random, String seed) {
    Map<Try, TestingMachine.Attempt> tries = new LinkedHashMap<>();
    for (String from : List.of("web", "mate", "db", "far", "job")) {
      for (int i = 0; i < 14; i++) {
        String to = one(random, from.equals("db") ? ALL : INSIDE);
        if (!to.equals(from) && world.isKnown(from, to)) {
          Try way = attempt(world, random, from, to);
          tries.put(way, way.asked());
        }
      }
    }
    world
        .answers(tries, way -> way.probe().from())
        .forEach((way, answer) -> compare(world, way, answer, seed));
  }

  private void compare(TestingWorld world, Try way, String answer, String seed) {
    Explanation explanation = world.explained(way.probe(), way.address(), way.source());
    String seen = answer;
    // On a busy machine an answer may come late; one that must not come comes never.
    for (int again = 0; again < 3 && explanation.allowed() && seen.equals("timeout"); again++) {
      sources++;
      seen =
          world
              .machine(way.probe().from())
              .connect(List.of(new Try(way.probe(), way.address(), sources).asked()))
              .getFirst();
    }
    String last = seen;
    assertEquals(
        explanation.allowed(),
        TestingWorld.reached(seen),
        () -> seed + " " + way + " " + last + ": " + explanation);
  }

  private Try attempt(TestingWorld world, Random random, String from, String to) {
    String address = world.address(from, to);
    if (random.nextInt(3) == 0) {
      address =
          world.house.clouds.now().bindings().values().stream()
              .filter(b -> b.holder().equals("instance/" + to))
              .map(Cloud.Binding::address)
              .findFirst()
              .orElse(address);
    }
    sources += 7;
    String protocol = one(random, PROTOCOLS);
    return new Try(
        new TestingWorld.Probe(from, to, protocol, one(random, PORTS)), address, sources);
  }
}
