package dev.esteira.net.vpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.Commands;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Virtual private clouds in the kernel, with machines that really connect. */
@Tag("system")
@Timeout(300)
class LinuxVpcsTest {
  private static final Vpcs.Wanted ANYWHERE =
      new Vpcs.Wanted(Optional.empty(), List.of(), Optional.empty(), Optional.empty());

  private TestingHouse house;

  @BeforeEach
  void start() {
    house = new TestingHouse();
  }

  @AfterEach
  void stop() {
    String id = house.home.id();
    house.close();
    assertFalse(Commands.check(List.of("ip", "link")).contains(id));
    assertFalse(Commands.check(List.of("ip", "netns")).contains(id));
    assertFalse(Commands.check(List.of("nft", "list", "tables")).contains(id));
    String routes = Commands.check(List.of("ip", "route", "show", "table", "all"));
    assertFalse(routes.contains("es" + id), routes);
  }

  private SecurityGroup defaultGroup() {
    return house.clouds.now().groups().values().stream()
        .filter(g -> g.name().equals("default"))
        .findFirst()
        .orElseThrow();
  }

  private void allow(int port, String cidr) {
    house.clouds.groups().authorize(defaultGroup().id(), List.of(rule(port, cidr)));
  }

  private static SecurityGroup.Rule rule(int port, String cidr) {
    return Groups.rule(
        false, "tcp", port, port, SecurityGroup.Peer.range(cidr), Optional.empty(), Map.of());
  }

  @Test
  void machinesOfTheDefaultGroupReachEachOtherAndNobodyElseReachesThem() {
    TestingMachine web = house.machine("web", ANYWHERE).listen("tcp", 80).listen("udp", 53);
    TestingMachine app = house.machine("app", ANYWHERE);
    TestingMachine job = house.job(1);
    Vpcs.Interface nic = house.nic("web");
    String from = "from " + house.nic("app").privateAddress();

    assertEquals(from, app.tcp(nic.privateAddress(), 80));
    assertEquals(from, app.connect("udp", nic.privateAddress(), 53));
    assertEquals("pong", app.connect("icmp", nic.privateAddress(), 0));
    assertEquals("refused", app.tcp(nic.privateAddress(), 81));
    assertEquals("timeout", job.tcp(house.elastic("web"), 80));
    assertEquals("refused", job.tcp(nic.transitAddress(), 80), "hidden from all but the house");
    assertEquals("timeout", house.host().tcp(nic.transitAddress(), 80));
    assertEquals(Optional.of("instance/web"), house.networks.ownerOf(nic.transitAddress()));
    assertTrue(web.run("ip", "-o", "addr").contains(nic.privateAddress() + "/20"));
  }

  @Test
  void anElasticAddressLeadsToItsMachineWhoeverCallsAndMovesToAnother() {
    TestingMachine web = house.machine("web", ANYWHERE).listen("tcp", 80);
    TestingMachine next = house.machine("next", ANYWHERE).listen("tcp", 80, 443);
    TestingMachine job = house.job(1);
    TestingMachine host = house.host();
    String address = house.networks.takePoolAddress("eip/1");
    allow(80, "0.0.0.0/0");

    house.vpcs.bind(address, "instance/web");

    assertEquals("from " + house.jobAddress(1), job.tcp(address, 80));
    assertEquals("from " + house.networks.houseAddress(), host.tcp(address, 80));
    assertEquals("timeout", next.tcp(address, 80), "a caller without a public address");
    String ofNext = house.elastic("next");
    assertEquals("from " + ofNext, next.tcp(address, 80));
    assertEquals("from " + address, web.tcp(address, 80));
    assertEquals("timeout", job.tcp(address, 443));
    assertEquals("from " + house.jobAddress(1), job.keep("old", address, 80));
    house.vpcs.bind(address, "instance/next");
    assertEquals("timeout", web.tcp(address, 80));
    assertEquals("from " + house.jobAddress(1), job.tcp(address, 80));
    assertEquals("timeout", job.sayOn("old"));
    house.vpcs.unbind(address);
    assertNotEquals("from " + house.jobAddress(1), job.tcp(address, 80));
  }

  @Test
  void theHouseSeesTransitAddressesAndOthersSeeElasticOnes() {
    TestingMachine web = house.machine("web", ANYWHERE);
    TestingMachine db = house.machine("db", ANYWHERE).listen("tcp", 80);
    house.host().listenAt(house.networks.houseAddress(), "tcp", 28_280, 28_281);
    house.networks.doors(List.of(28_280));
    String ofWeb = house.networks.takePoolAddress("eip/1");
    String ofDb = house.networks.takePoolAddress("eip/2");
    house.vpcs.bind(ofWeb, "instance/web");
    house.vpcs.bind(ofDb, "instance/db");
    allow(80, ofWeb + "/32");
    String houseAddress = house.networks.houseAddress();

    assertEquals("from " + house.nic("web").transitAddress(), web.tcp(houseAddress, 28_280));
    assertEquals("from " + ofWeb, web.tcp(ofDb, 80));
    assertEquals("refused", web.tcp(houseAddress, 28_281));
    assertEquals("refused", db.tcp("169.254.169.254", 80));
    house.vpcs.metadata(28_281);
    assertEquals("from " + house.nic("db").transitAddress(), db.tcp("169.254.169.254", 80));
    assertEquals("refused", house.job(1).tcp(houseAddress, 28_281));
  }

  @Test
  void changedRulesActAtOnceOnFlowsThatBeganAsWell() {
    house.machine("web", ANYWHERE).listen("tcp", 80);
    TestingMachine job = house.job(1);
    String web = house.elastic("web");
    allow(80, house.networks.sandboxRange());
    assertEquals("from " + house.jobAddress(1), job.keep("one", web, 80));

    house
        .clouds
        .groups()
        .revoke(defaultGroup().id(), List.of(rule(80, house.networks.sandboxRange())));

    assertEquals("timeout", job.sayOn("one"));
    assertEquals("timeout", job.tcp(web, 80));
    allow(80, house.jobAddress(1) + "/32");
    assertEquals("more", job.sayOn("one").split("\n", 2)[0]);
    SecurityGroup empty = house.clouds.groups().create(Optional.empty(), "empty", "none", Map.of());
    house.vpcs.secure("instance/web", List.of(empty.id()));
    assertEquals("timeout", job.tcp(web, 80));
  }

  @Test
  void aLoadBalancersAddressCountsAsAMember() {
    house.machine("web", ANYWHERE).listen("tcp", 80);
    SecurityGroup balancers = house.clouds.groups().create(Optional.empty(), "lb", "lb", Map.of());
    house
        .clouds
        .groups()
        .authorize(
            defaultGroup().id(),
            List.of(
                Groups.rule(
                    false,
                    "tcp",
                    80,
                    80,
                    SecurityGroup.Peer.group(balancers.id()),
                    Optional.empty(),
                    Map.of())));
    TestingMachine host = house.host();
    String web = house.nic("web").transitAddress();
    assertEquals("timeout", host.tcp(web, 80));

    house.vpcs.admit(
        new Cloud.Admission(
            "lb/1", house.networks.houseAddress(), List.of(balancers.id()), Optional.empty()));

    assertEquals("from " + house.networks.houseAddress(), host.tcp(web, 80));
    house.vpcs.dismiss("lb/1");
    assertEquals("timeout", host.tcp(web, 80));
  }

  @Test
  void falseSourcesGetNowhere() {
    TestingMachine web = house.machine("web", ANYWHERE);
    TestingMachine db = house.machine("db", ANYWHERE);
    TestingMachine liar = house.machine("liar", ANYWHERE);
    SecurityGroup.Rule all = rule(9, house.nic("db").privateAddress() + "/32");
    house.clouds.groups().authorize(defaultGroup().id(), List.of(all));
    web.run("ip", "-s", "link");
    long before = received(web);

    liar.sendAs(house.nic("db").privateAddress(), house.nic("web").privateAddress(), 9);
    liar.sendAs("8.8.8.8", house.nic("web").privateAddress(), 9);
    house.host().sendAs(house.nic("db").privateAddress(), house.nic("web").transitAddress(), 9);

    // One honest packet after them: when it is there, the others would be.
    assertEquals("refused", db.tcp(house.nic("web").privateAddress(), 7));
    assertTrue(received(web) - before <= 3, "packets came through");
  }

  private static long received(TestingMachine machine) {
    String line =
        machine
            .run("cat", "/proc/net/dev")
            .lines()
            .filter(l -> l.strip().startsWith("eth0:"))
            .findFirst()
            .orElseThrow();
    return Long.parseLong(line.strip().split("[: ]+")[2]);
  }

  @Test
  void everythingStaysWhenTheProcessComesAgainAndIsMadeAnewWhenItIsGone() {
    house.machine("web", ANYWHERE).listen("tcp", 80);
    TestingMachine app = house.machine("app", ANYWHERE);
    String web = house.nic("web").privateAddress();
    assertEquals("from " + house.nic("app").privateAddress(), app.keep("one", web, 80));

    house.restart();

    assertEquals("more", app.sayOn("one"));
    assertEquals("from " + house.nic("app").privateAddress(), app.tcp(web, 80));
    house.vpcs.plug("instance/web", house.pid("web"));
    house.vpcs.plug("instance/app", house.pid("app"));
    assertEquals("more", app.sayOn("one"));
    LinuxVpcs.down(house.home);
    house.restart();
    house.vpcs.plug("instance/web", house.pid("web"));
    house.vpcs.plug("instance/app", house.pid("app"));
    assertEquals("from " + house.nic("app").privateAddress(), app.tcp(web, 80));
    house.vpcs.release("instance/web");
    house.vpcs.release("instance/app");
    assertFalse(Commands.check(List.of("ip", "netns")).contains(house.home.id()));
  }

  @Test
  void whatIsDeniedIsCountedWithTheRuleThatDidIt() {
    house.machine("web", ANYWHERE);
    TestingMachine job = house.job(1);
    String web = house.elastic("web");
    job.tcp(web, 80);
    job.connect("icmp", web, 0);
    allow(81, "0.0.0.0/0");
    job.tcp(web, 82);

    List<DeniedFlow> denied = house.vpcs.denied();

    List<String> seen =
        denied.stream()
            .map(d -> d.source() + " " + d.protocol() + " " + d.port() + ": " + d.reason())
            .sorted()
            .toList();
    String why = ": no ingress rule of security group " + defaultGroup().id() + " allows it";
    String from = house.jobAddress(1);
    assertEquals(
        List.of(from + " icmp 0" + why, from + " tcp 80" + why, from + " tcp 82" + why), seen);
  }

  @Test
  void cloudsWithTheSameRangeAndOtherHomesDoNotMeet() {
    Vpc twin = house.clouds.ranges().createVpc("172.31.0.0/16", Map.of());
    Subnet subnet =
        house.clouds.ranges().createSubnet(twin.id(), "172.31.0.0/20", Optional.empty(), Map.of());
    TestingMachine web = house.machine("web", at("172.31.0.9", Optional.empty()));
    TestingMachine other = house.machine("other", at("172.31.0.9", Optional.of(subnet.id())));
    TestingMachine mate = house.machine("mate", at("172.31.0.8", Optional.of(subnet.id())));
    web.listen("tcp", 80);
    other.listen("tcp", 81);
    allow(80, "0.0.0.0/0");

    assertEquals("from 172.31.0.8", mate.tcp("172.31.0.9", 81));
    assertEquals("refused", mate.tcp("172.31.0.9", 80));
    assertNotEquals(
        "from " + house.nic("mate").transitAddress(),
        mate.tcp(house.nic("web").transitAddress(), 80));
    try (TestingHouse second = new TestingHouse()) {
      TestingMachine stranger = second.machine("stranger", ANYWHERE);
      assertFalse(TestingWorld.reached(stranger.tcp(house.nic("web").transitAddress(), 80)));
      String address = house.networks.takePoolAddress("eip/1");
      house.vpcs.bind(address, "instance/web");
      assertFalse(TestingWorld.reached(stranger.tcp(address, 80)));
      assertEquals("from 172.31.0.9", "from " + house.nic("web").privateAddress());
    }
  }

  /** In the default subnet of the first zone, or in the one named. */
  private Vpcs.Wanted at(String address, Optional<String> subnet) {
    String zone = Clouds.ZONES.getFirst();
    return new Vpcs.Wanted(subnet, List.of(), Optional.of(address), Optional.of(zone));
  }
}
