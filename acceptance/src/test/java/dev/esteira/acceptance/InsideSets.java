package dev.esteira.acceptance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** Rule sets of an {@link InsideWorld}, each with ways that it opens and others that it closes. */
final class InsideSets {
  private static final String ALL = "0.0.0.0/0";

  private InsideSets() {}

  /** {@code rules} makes of the network as it was built what is to stand. */
  record RuleSet(String name, Function<InsideWorld, Changes> rules, List<String> ways) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** What is added to the network as it was built, and what is taken from it. */
  static final class Changes {
    private final Set<InsideWorld.Item> items;

    Changes(InsideWorld world) {
      this.items = new LinkedHashSet<>(world.built());
    }

    Changes with(InsideWorld.Item item) {
      items.add(item);
      return this;
    }

    Set<InsideWorld.Item> items() {
      return items;
    }

    Changes without(InsideWorld.Item item) {
      assertTrue(items.remove(item), item.what());
      return this;
    }
  }

  private static RuleSet set(String name, Function<InsideWorld, Changes> rules, String... ways) {
    return new RuleSet(name, rules, List.of(ways));
  }

  /** Everybody may come in. */
  static Changes open(InsideWorld world) {
    return new Changes(world)
        .with(world.in("web", "-1", -1, -1, ALL))
        .with(world.in("db", "-1", -1, -1, ALL));
  }

  static Stream<RuleSet> groups() {
    return Stream.of(
        set(
            "a group without rules lets nobody in, and lets out",
            Changes::new,
            "-db->web tcp 8080",
            "-far->web tcp 8080",
            "-job->web tcp 8080",
            "-pod->web tcp 8080",
            "+web->far tcp 8080",
            "+web->service tcp 80",
            "+web->house tcp",
            "+web->metadata tcp 80"),
        set(
            "one port for everybody",
            w -> new Changes(w).with(w.in("web", "tcp", 8080, 8080, ALL)),
            "+db->web tcp 8080",
            "+far->web tcp 8080",
            "+job->web tcp 8080",
            "+pod->web tcp 8080",
            "-db->web tcp 8443",
            "-job->web tcp 5432",
            "-db->web udp 5353",
            "-pod->web icmp 0"),
        set(
            "a range of ports",
            w -> new Changes(w).with(w.in("web", "tcp", 8000, 8100, ALL)),
            "+db->web tcp 8080",
            "+pod->web tcp 8080",
            "-db->web tcp 8443",
            "-pod->web tcp 5432"));
  }

  static Stream<RuleSet> members() {
    return Stream.of(
        set(
            "members of another group",
            w -> new Changes(w).with(w.in("db", "tcp", 5432, 5432, "web")),
            "+web->db tcp 5432",
            "-web->db tcp 8080",
            "-far->db tcp 5432",
            "-job->db tcp 5432"),
        set(
            "the default group's members reach each other, and nobody else reaches them",
            w ->
                new Changes(w)
                    .without(w.member("web", "web"))
                    .without(w.member("db", "db"))
                    .with(w.member("web", "default"))
                    .with(w.member("db", "default")),
            "+web->db tcp 8080",
            "+db->web udp 5353",
            "+web->db icmp 0",
            "-job->web tcp 8080",
            "-pod->db tcp 8080",
            "-far->web tcp 8080"));
  }

  static Stream<RuleSet> ranges() {
    return Stream.of(
        set(
            "one subnet",
            w -> new Changes(w).with(w.in("web", "tcp", 8080, 8080, "10.60.2.0/24")),
            "+db->web tcp 8080",
            "-far->web tcp 8080",
            "-job->web tcp 8080"),
        set(
            "one job alone",
            w -> new Changes(w).with(w.in("web", "-1", -1, -1, w.address("job") + "/32")),
            "+job->web tcp 8080",
            "+job->web icmp 0",
            "-pod->web tcp 8080",
            "-db->web tcp 8080"),
        set(
            "one pod alone",
            w -> new Changes(w).with(w.in("web", "tcp", 0, 65535, w.address("pod") + "/32")),
            "+pod->web tcp 8443",
            "-pod->web udp 5353",
            "-job->web tcp 8443"),
        set(
            "udp is not tcp",
            w -> new Changes(w).with(w.in("web", "udp", 5353, 5353, ALL)),
            "+db->web udp 5353",
            "+job->web udp 5353",
            "-db->web tcp 8080"),
        set(
            "echo alone",
            w -> new Changes(w).with(w.in("web", "icmp", 8, -1, ALL)),
            "+db->web icmp 0",
            "+pod->web icmp 0",
            "-pod->web tcp 8080"),
        set(
            "all protocols",
            w -> new Changes(w).with(w.in("web", "-1", -1, -1, ALL)),
            "+db->web tcp 8443",
            "+job->web udp 5353",
            "+far->web icmp 0"));
  }

  static Stream<RuleSet> outward() {
    return Stream.of(
        set(
            "nothing outwards, but answers and the metadata service",
            w -> open(w).without(w.out("web", "-1", -1, -1, ALL)),
            "-web->db tcp 8080",
            "-web->far tcp 8080",
            "-web->service tcp 80",
            "-web->house tcp",
            "+web->metadata tcp 80",
            "+db->web tcp 8080",
            "+job->web tcp 8080"),
        set(
            "outwards to one port",
            w ->
                open(w)
                    .without(w.out("web", "-1", -1, -1, ALL))
                    .with(w.out("web", "tcp", 5432, 5432, ALL)),
            "+web->db tcp 5432",
            "+web->far tcp 5432",
            "-web->db tcp 8080"),
        set(
            "outwards to a group",
            w ->
                open(w)
                    .without(w.out("web", "-1", -1, -1, ALL))
                    .with(w.out("web", "-1", -1, -1, "db")),
            "+web->db tcp 8080",
            "-web->far tcp 8080",
            "-web->house tcp"),
        set(
            "jobs and pods take no calls",
            InsideSets::open,
            "-web->job tcp 8080",
            "-web->pod tcp 8080",
            "-job->pod tcp 8080",
            "-pod->job tcp 8080",
            "-job->metadata tcp 80",
            "-pod->metadata tcp 80",
            "+web->service tcp 80",
            "+job->service tcp 80"));
  }

  static Stream<RuleSet> ways() {
    return Stream.of(
        set(
            "private addresses are known in their own VPC alone",
            InsideSets::open,
            "+web->db.private tcp 8080",
            "-far->web.private tcp 8080",
            "-job->web.private tcp 8080",
            "-pod->web.private tcp 8080",
            "-web->far.private tcp 8080",
            "+far->web tcp 8080",
            "+job->web tcp 8080"),
        set(
            "without a route to the gateway, neighbours and metadata alone",
            w -> open(w).without(w.gateway("first")),
            "+web->db tcp 8080",
            "+db->web tcp 8080",
            "-web->far tcp 8080",
            "-far->web tcp 8080",
            "-job->web tcp 8080",
            "-web->house tcp",
            "+web->metadata tcp 80"),
        set(
            "without a public address, neighbours, metadata and the house alone",
            w -> open(w).without(w.elastic("web")),
            "+web->db tcp 8080",
            "-web->far tcp 8080",
            "-web->service tcp 80",
            "-job->web tcp 8080",
            "-pod->web tcp 8080",
            "-far->web tcp 8080",
            "+web->house tcp",
            "+web->metadata tcp 80"),
        set(
            "through a NAT gateway out, but not in",
            w ->
                open(w).without(w.elastic("db")).without(w.gateway("second")).with(w.nat("second")),
            "+db->far tcp 8080",
            "+db->far icmp 0",
            "+db->service tcp 80",
            "+db->house tcp",
            "+web->db tcp 8080",
            "-far->db tcp 8080",
            "-job->db tcp 8080"));
  }

  static Stream<RuleSet> lists() {
    return Stream.of(
        set(
            "an ACL denies what the groups allow",
            w -> open(w).with(w.entry("first", false, 100, false, "tcp", 8080, 8080, ALL)),
            "-db->web tcp 8080",
            "-job->web tcp 8080",
            "-pod->web tcp 8080",
            "+db->web tcp 8443",
            "+pod->web tcp 8443"),
        set(
            "the lower number decides: allow first",
            w ->
                open(w)
                    .with(w.entry("first", false, 100, true, "tcp", 8080, 8080, ALL))
                    .with(w.entry("first", false, 200, false, "-1", 0, 0, ALL)),
            "+db->web tcp 8080",
            "+job->web tcp 8080",
            "-db->web tcp 8443",
            "-web->db tcp 8080",
            "-web->house tcp",
            "+web->metadata tcp 80"),
        set(
            "the lower number decides: deny first",
            w ->
                open(w)
                    .with(w.entry("first", false, 100, false, "tcp", 1, 65535, ALL))
                    .with(w.entry("first", false, 200, true, "tcp", 8080, 8080, ALL)),
            "-db->web tcp 8080",
            "+db->web udp 5353",
            "+db->web icmp 0"),
        set(
            "one caller's address is denied",
            w -> {
              String job = w.address("job") + "/32";
              return open(w).with(w.entry("first", false, 50, false, "-1", 0, 0, job));
            },
            "-job->web tcp 8080",
            "+pod->web tcp 8080",
            "+far->web tcp 8080"),
        set(
            "closed whole: the metadata service alone",
            w ->
                open(w)
                    .without(w.entry("first", false, 1000, true, "-1", 0, 0, ALL))
                    .without(w.entry("first", true, 1000, true, "-1", 0, 0, ALL)),
            "-db->web tcp 8080",
            "-web->db tcp 8080",
            "-job->web tcp 8080",
            "-web->house tcp",
            "+web->metadata tcp 80"));
  }

  static Stream<RuleSet> returns() {
    return Stream.of(
        set(
            "the mistake of return ports: answers need an entry of their own",
            w ->
                open(w)
                    .without(w.entry("first", true, 1000, true, "-1", 0, 0, ALL))
                    .with(w.entry("first", true, 100, true, "tcp", 8080, 8080, ALL)),
            "-db->web tcp 8080",
            "-job->web tcp 8080",
            "-pod->web tcp 8080",
            "-far->web tcp 8080"),
        set(
            "the mistake mended: ephemeral ports are allowed outwards",
            w ->
                open(w)
                    .without(w.entry("first", true, 1000, true, "-1", 0, 0, ALL))
                    .with(w.entry("first", true, 100, true, "tcp", 10_000, 65535, ALL)),
            "+db->web tcp 8080",
            "+job->web tcp 8080",
            "+pod->web tcp 8080",
            "+far->web tcp 8080",
            "-web->db tcp 8080"),
        set(
            "the same mistake on the caller's side",
            w ->
                open(w)
                    .without(w.entry("first", false, 1000, true, "-1", 0, 0, ALL))
                    .with(w.entry("first", false, 100, true, "tcp", 8080, 8080, ALL)),
            "-web->db tcp 8080",
            "-web->far tcp 8080",
            "-web->house tcp",
            "+web->metadata tcp 80",
            "+db->web tcp 8080"));
  }
}
