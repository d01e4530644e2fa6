package dev.esteira.net.vpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.Commands;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Virtual private clouds in the kernel, with machines that really connect. */
@Tag("system")
@Timeout(120)
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
    assertEquals("timeout", job.tcp(nic.transitAddress(), 80));
    assertEquals("timeout", house.host().tcp(nic.transitAddress(), 80));
    assertEquals(Optional.of("instance/web"), house.networks.ownerOf(nic.transitAddress()));
    assertTrue(web.run("ip", "-o", "addr").contains(nic.privateAddress() + "/20"));
  }
}
