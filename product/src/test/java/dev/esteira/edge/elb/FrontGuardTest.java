package dev.esteira.edge.elb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.esteira.edge.elb.LoadBalancer.Kind;
import dev.esteira.net.Networks.Admitted;
import dev.esteira.net.Networks.Guarded;
import dev.esteira.net.vpc.Cloud;
import dev.esteira.net.vpc.NetworkInterface;
import dev.esteira.net.vpc.SecurityGroup;
import dev.esteira.net.vpc.SecurityGroup.Peer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FrontGuardTest {
  private static SecurityGroup.Rule rule(
      boolean egress, String protocol, int from, int to, Peer peer) {
    return new SecurityGroup.Rule(
        "sgr-1", egress, protocol, from, to, peer, Optional.empty(), Map.of());
  }

  private static SecurityGroup group(String id, SecurityGroup.Rule... rules) {
    return new SecurityGroup(id, "vpc-1", id, "", List.of(rules), Map.of());
  }

  private static NetworkInterface nic(String id, String address, String transit, String group) {
    return new NetworkInterface(
        id, "instance/" + id, "vpc-1", "subnet-1", address, transit, "02:00", List.of(group));
  }

  private static View view(List<String> groups) {
    LoadBalancer balancer =
        new LoadBalancer(
            "arn:lb",
            "front",
            Kind.APPLICATION,
            "internal",
            "front.test",
            "10.77.1.1",
            "vpc-1",
            List.of(),
            groups,
            Map.of(),
            Map.of(),
            Instant.EPOCH);
    return new View(List.of(balancer), List.of(), List.of(), List.of());
  }

  private static Cloud cloud(SecurityGroup... groups) {
    Map<String, SecurityGroup> byId = new java.util.HashMap<>();
    List.of(groups).forEach(each -> byId.put(each.id(), each));
    return new Cloud(
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        byId,
        Map.of(),
        Map.of(
            "a", nic("a", "10.0.1.5", "10.128.200.5", "sg-web"),
            "b", nic("b", "10.0.2.9", "10.128.200.9", "sg-db")),
        Map.of(),
        Map.of(
            "lb2", new Cloud.Admission("lb2", "10.77.1.2", List.of("sg-web"), Optional.empty())));
  }

  private static List<Admitted> admitted(SecurityGroup group) {
    List<Guarded> all = FrontGuard.of(view(List.of(group.id())), cloud(group));
    assertEquals("10.77.1.1", all.getFirst().address());
    return all.getFirst().admitted();
  }

  @Test
  void rangesAreThemselvesAndTheMachinesInThem() {
    assertEquals(
        List.of(new Admitted("10.0.1.0/24", 80, 81), new Admitted("10.128.200.5", 80, 81)),
        admitted(group("sg", rule(false, "tcp", 80, 81, Peer.range("10.0.1.0/24")))));
  }

  @Test
  void aGroupIsItsMachinesAndItsLoadBalancers() {
    assertEquals(
        List.of(new Admitted("10.128.200.5", 0, 65_535), new Admitted("10.77.1.2", 0, 65_535)),
        admitted(group("sg", rule(false, "-1", -1, -1, Peer.group("sg-web")))));
  }

  @Test
  void nothingElseAdmitsAndNoGroupsMeanOpen() {
    assertEquals(
        List.of(),
        admitted(
            group(
                "sg",
                rule(true, "-1", -1, -1, Peer.range("0.0.0.0/0")),
                rule(false, "udp", 53, 53, Peer.range("0.0.0.0/0")))));
    assertEquals(List.of(), FrontGuard.of(view(List.of()), cloud()));
  }
}
