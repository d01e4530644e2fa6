package dev.esteira.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.EsteiraException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPlanTest {
  @Test
  void theRangesOfASlotAreThoseOfThePicture() {
    AddressPlan plan = new AddressPlan(2);
    assertEquals("10.77.32.1", AddressPlan.text(plan.house()));
    assertEquals("10.77.32.0/20", plan.houseRange());
    assertEquals("10.130.0.0/16", plan.sandboxRange());
    assertEquals("10.77.33.1", AddressPlan.text(plan.poolAddress(0)));
    assertEquals("10.77.39.254", AddressPlan.text(plan.poolAddress(AddressPlan.POOL_SIZE - 1)));
    assertEquals("10.77.40.1", AddressPlan.text(plan.clusterAddress(0)));
    assertEquals(
        "10.77.47.254", AddressPlan.text(plan.clusterAddress(AddressPlan.CLUSTER_SIZE - 1)));
    assertEquals("10.130.192.1/20", plan.engineBridge());
    assertEquals("10.130.224.0/19", plan.enginePool());
    assertEquals("127.77.33.1", AddressPlan.text(AddressPlan.mirror(plan.poolAddress(0))));
  }

  @Test
  void subnetsOfJobsAndPodsDoNotMeetAndKnowTheirAddresses() {
    AddressPlan plan = new AddressPlan(0);
    Set<String> seen = new HashSet<>();
    int bridges = AddressPlan.JOB_BRIDGES_MAX + AddressPlan.POD_BRIDGES_MAX;
    for (int number = 0; number < bridges; number++) {
      AddressPlan.Subnet subnet = plan.subnet(number);
      assertTrue(seen.add(subnet.cidr()));
      assertEquals(number, plan.subnetNumber(subnet.gateway()));
      assertEquals(number, plan.subnetNumber(subnet.base() + (1 << (32 - subnet.prefix())) - 1));
    }
    assertEquals("10.128.127.240/28", plan.subnet(AddressPlan.JOB_BRIDGES_MAX - 1).cidr());
    assertEquals("10.128.128.0/20", plan.subnet(AddressPlan.JOB_BRIDGES_MAX).cidr());
    assertEquals(-1, plan.subnetNumber(AddressPlan.parse("10.128.192.2")));
    assertEquals(-1, plan.subnetNumber(AddressPlan.parse("10.129.0.2")));
    assertEquals(-1, plan.subnetNumber(AddressPlan.parse("192.0.2.1")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10.0.0", "10.0.0.0.1", "256.0.0.1", "a.b.c.d", "10.0.0.-1", "::1"})
  void whatIsNoAddressIsRefused(String text) {
    assertThrows(EsteiraException.class, () -> AddressPlan.parse(text));
  }

  @Test
  void aSlotIntoWhichARouteLeadsIsNotFree() {
    AddressPlan plan = new AddressPlan(0);
    assertTrue(SlotClaims.isUnused(plan, "default via 192.0.2.1 dev eth0\n"));
    assertTrue(SlotClaims.isUnused(plan, "local 10.77.16.0/20 dev lo scope host\n"));
    assertFalse(SlotClaims.isUnused(plan, "local 10.77.0.0/20 dev lo scope host\n"));
    assertFalse(SlotClaims.isUnused(plan, "10.128.3.0/24 dev br0 proto kernel\n"));
    assertFalse(SlotClaims.isUnused(plan, "10.0.0.0/8 via 192.0.2.9 dev eth0\n"));
    assertFalse(SlotClaims.isUnused(plan, "10.77.3.4 dev tun0\n"));
  }

  @Test
  void aChangeOfCapturesNamesOnlyWhatDiffers() {
    Rules before = Rules.NONE.withCaptured(Map.of("a . 1", "h . 1", "b . 1", "h . 1"));
    Rules after = before.withCaptured(Map.of("a . 1", "h . 1", "b . 1", "h . 2"));
    assertEquals(
        "delete element ip t captured { b . 1 }\nadd element ip t captured { b . 1 : h . 2 }\n",
        before.change("t", after));
    assertEquals("", after.change("t", after));
  }

  @Test
  void foreignRulesNeedAnOpeningWhereTheyDrop() {
    assertEquals(List.of(), ForeignFirewall.needed("-P INPUT ACCEPT\n-P FORWARD ACCEPT\n"));
    assertEquals(
        List.of("DOCKER-USER"), ForeignFirewall.needed("-P FORWARD DROP\n-N DOCKER-USER\n"));
    assertEquals(
        List.of("FORWARD", "INPUT"), ForeignFirewall.needed("-P INPUT DROP\n-P FORWARD DROP\n"));
  }
}
