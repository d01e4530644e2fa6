package dev.esteira.net.vpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.store.Ledger;
import dev.esteira.store.TestingLedger;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Explanations from the model alone. */
class ExplainerTest {
  private static final String HOUSE = "10.77.0.1";
  private static final String SANDBOXES = "10.128.0.0/16";

  private final Ledger ledger = new TestingLedger();
  private final Clouds clouds = new Clouds(ledger, InstantSource.system());
  private final Interfaces interfaces =
      new Interfaces(clouds.store(), Range.parse("10.128.208.0/20"), new Random(1));
  private NetworkInterface web = take("web", "us-east-1a");
  private NetworkInterface db = take("db", "us-east-1b");

  private NetworkInterface take(String name, String zone) {
    return interfaces.take(
        "instance/" + name,
        new Vpcs.Wanted(Optional.empty(), List.of(), Optional.empty(), Optional.of(zone)));
  }

  @BeforeEach
  void start() {
    web = take("web", "us-east-1a");
    db = take("db", "us-east-1b");
  }

  private Explanation explain(Explanation.End from, Explanation.End to, int port) {
    return new Explainer(clouds.now(), new Explainer.Around(HOUSE, SANDBOXES, ExplainerTest::owner))
        .explain(new Explanation.Question(from, to, "tcp", port, 0));
  }

  /** All pods are of one sandbox, which has the upper half of the range. */
  private static Optional<String> owner(String address) {
    return Optional.of(address.startsWith("10.128.128.") ? "pods" : "job/" + address);
  }

  private static Explanation.Inside inside(String name) {
    return new Explanation.Inside(name, "instance/" + name);
  }

  private NetworkAcl acl(NetworkInterface nic) {
    Subnet subnet = clouds.now().subnets().get(nic.subnetId());
    NetworkAcl own = clouds.acls().create(nic.vpcId(), Map.of());
    NetworkAcl.Association old =
        clouds.now().aclOf(subnet).associations().stream()
            .filter(a -> a.subnetId().equals(subnet.id()))
            .findFirst()
            .orElseThrow();
    clouds.acls().associate(old.id(), own.id());
    return own;
  }

  @Test
  void namesTheRuleThatAllows() {
    Explanation explanation = explain(inside("web"), inside("db"), 5432);

    assertTrue(explanation.allowed());
    String group = db.securityGroupIds().getFirst();
    String rule = explanation.decidedBy();
    assertTrue(rule.contains("security group " + group + ", ingress rule sgr-"), rule);
    assertTrue(rule.endsWith("(all from " + group + ")"), rule);
  }

  @Test
  void namesTheReturnPortsThatAStatelessListForgets() {
    NetworkAcl own = acl(db);
    clouds.acls().add(own.id(), new NetworkAcl.Entry(false, 10, 6, "0.0.0.0/0", true, 1, 65535));
    clouds.acls().add(own.id(), new NetworkAcl.Entry(true, 10, 6, "0.0.0.0/0", true, 1024, 40000));

    Explanation explanation = explain(inside("web"), inside("db"), 5432);

    assertFalse(explanation.allowed());
    assertEquals(
        "instance/db (%s): network ACL %s, egress entry * (no entry matches) for ports 40001-60999"
            .formatted(db.privateAddress(), own.id()),
        explanation.decidedBy());
    clouds.acls().add(own.id(), new NetworkAcl.Entry(true, 20, 6, "0.0.0.0/0", true, 40001, 65535));
    assertTrue(explain(inside("web"), inside("db"), 5432).allowed());
  }

  @Test
  void theInternetNeedsAPublicAddressAndARoute() {
    Explanation.Address internet = new Explanation.Address("internet", "198.51.100.1", true);
    clouds
        .groups()
        .authorize(
            web.securityGroupIds().getFirst(),
            List.of(
                Groups.rule(
                    false,
                    "tcp",
                    80,
                    80,
                    SecurityGroup.Peer.range("0.0.0.0/0"),
                    Optional.empty(),
                    Map.of())));
    assertFalse(explain(internet, inside("web"), 80).allowed());

    interfaces.bind("10.77.1.1", "instance/web");

    assertTrue(explain(internet, inside("web"), 80).allowed());
    assertFalse(explain(internet, inside("web"), 81).allowed());
    RouteTable main = clouds.now().routeTables().values().iterator().next();
    clouds.routing().removeRoute(main.id(), "0.0.0.0/0");
    Explanation without = explain(internet, inside("web"), 80);
    assertTrue(without.decidedBy().contains("has no route there"), without.decidedBy());
  }

  private static Explanation.Address at(String address) {
    return new Explanation.Address(address, address, false);
  }

  @Test
  void aGatewayPassesPublicAddressesAloneAndTheHouseNeedsNone() {
    Explanation.Address internet = new Explanation.Address("internet", "198.51.100.1", true);

    Explanation hidden = explain(inside("web"), internet, 443);

    assertTrue(hidden.decidedBy().contains("with a public address alone"), hidden.decidedBy());
    assertTrue(explain(inside("web"), at(HOUSE), 443).allowed());
    interfaces.bind("10.77.1.1", "instance/web");
    assertTrue(explain(inside("web"), internet, 443).allowed());
  }

  @Test
  void privateAddressesMeanNothingToJobs() {
    interfaces.bind("10.77.1.1", "instance/web");

    Explanation asked = explain(at("10.128.0.2"), at(web.privateAddress()), 80);

    assertTrue(asked.decidedBy().endsWith("known in its own VPC alone"), asked.decidedBy());
    assertFalse(explain(at("10.128.0.2"), at(web.transitAddress()), 80).allowed());
  }

  @Test
  void jobsAndPodsAreClosedToAllButTheirOwnAndTheHouse() {
    assertFalse(explain(at("10.128.0.2"), at("10.128.128.2"), 80).allowed());
    assertFalse(explain(inside("web"), at("10.128.128.2"), 80).allowed());
    assertTrue(explain(at("10.128.128.3"), at("10.128.128.2"), 80).allowed());
    assertTrue(explain(at(HOUSE), at("10.128.128.2"), 80).allowed());
    assertFalse(explain(at("10.128.0.2"), at("169.254.169.254"), 80).allowed());
  }

  @Test
  void theMetadataServiceIsNeverCut() {
    clouds
        .groups()
        .revokeById(
            web.securityGroupIds().getFirst(),
            true,
            clouds.now().groups().get(web.securityGroupIds().getFirst()).rules().stream()
                .filter(SecurityGroup.Rule::egress)
                .map(SecurityGroup.Rule::id)
                .toList());

    assertTrue(
        explain(inside("web"), new Explanation.Address("m", "169.254.169.254", false), 80)
            .allowed());
    assertFalse(
        explain(inside("web"), new Explanation.Address("x", "93.184.216.34", false), 80).allowed());
  }

  @Test
  void aCloudIsTheSameAfterARestartAndItsRulesToo() {
    interfaces.bind("10.77.1.1", "instance/web");
    Cloud before = clouds.now();

    Cloud after = new Clouds(ledger, InstantSource.system()).now();

    assertEquals(before, after);
    PolicyRules.House house = new PolicyRules.House(HOUSE, 4_000);
    Vpc vpc = after.defaultVpc().orElseThrow();
    assertEquals(
        PolicyRules.of(Policy.of(before, vpc), house),
        PolicyRules.of(Policy.of(after, vpc), house));
  }

  @Test
  void whatIsUsedCannotBeDeleted() {
    CloudRefusal subnet =
        assertThrows(CloudRefusal.class, () -> clouds.ranges().deleteSubnet(web.subnetId()));
    CloudRefusal vpc =
        assertThrows(CloudRefusal.class, () -> clouds.ranges().deleteVpc(web.vpcId()));

    assertEquals("DependencyViolation", subnet.code());
    assertEquals("DependencyViolation", vpc.code());
  }
}
