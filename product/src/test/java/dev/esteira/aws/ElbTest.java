package dev.esteira.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.access.Access;
import dev.esteira.base.Commands;
import dev.esteira.edge.EdgeLab;
import dev.esteira.edge.WebTarget;
import dev.esteira.edge.elb.Certificates;
import dev.esteira.edge.elb.Elb;
import dev.esteira.edge.elb.Machines;
import dev.esteira.names.CertificateAuthority;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Both command lines of AWS against load balancers on a real HAProxy. */
@Tag("system")
class ElbTest {
  @TempDir private Path directory;
  private EdgeLab lab;
  private Elb elb;
  private TestingAws aws;
  private Access.AwsKey key;
  private String program;
  private final List<WebTarget> targets = new ArrayList<>();

  static List<String> programs() {
    return TestingAws.PROGRAMS;
  }

  @BeforeEach
  void open() {
    lab = new EdgeLab(directory.resolve("lab"));
    InstantSource clock = InstantSource.system();
    elb =
        new Elb(
            new Elb.Parts(lab.ledger, lab.networks(), lab.edge, lab.edge, Machines.plain(), clock));
    elb.start();
    CertificateAuthority authority =
        new CertificateAuthority(lab.home, List.of("localhost"), clock);
    Certificates certificates = new Certificates(lab.ledger, authority, lab.edge);
    aws =
        new TestingAws(
            directory.resolve("aws"),
            lab.ledger,
            made ->
                List.of(
                    new ElbFeature(
                        new ElbFeature.Parts(elb, certificates, made.clouds, made.access, clock)),
                    new AcmFeature(certificates, made.access, clock)));
    key = aws.job();
  }

  @AfterEach
  void close() {
    targets.forEach(WebTarget::close);
    aws.close();
    elb.close();
    lab.close();
  }

  private String elbv2(String line, String... more) {
    return aws.ok(program, key, "elbv2 " + line, more).strip();
  }

  private String text(String query, String line, String... more) {
    List<String> all = new ArrayList<>(List.of(more));
    all.addAll(List.of("--output", "text", "--query", query));
    return elbv2(line, all.toArray(String[]::new));
  }

  private String refused(String line, String... more) {
    Commands.Result result = aws.aws(program, key, "elbv2 " + line, more);
    assertFalse(result.ok(), line);
    return result.output();
  }

  private WebTarget target(String name) {
    WebTarget target = new WebTarget(name);
    targets.add(target);
    return target;
  }

  private String curl(String... arguments) {
    List<String> command = new ArrayList<>(List.of("curl", "-sS", "--noproxy", "*", "-m", "10"));
    command.addAll(List.of(arguments));
    return Commands.run(Duration.ofSeconds(20), "", command).output().strip();
  }

  private String subnets() {
    return aws.clouds.now().subnets().values().stream()
        .map(each -> each.id())
        .sorted()
        .limit(2)
        .reduce("", (a, b) -> a + " " + b)
        .strip();
  }

  private String balancer(String name, String more) {
    return text(
        "LoadBalancers[0].LoadBalancerArn",
        "create-load-balancer --name " + name + " --subnets " + subnets() + more);
  }

  private String address(String arn) {
    return text(
        "LoadBalancers[0].AvailabilityZones[0].LoadBalancerAddresses[0].IpAddress",
        "describe-load-balancers --load-balancer-arns " + arn);
  }

  private String group(String name, String more) {
    return text(
        "TargetGroups[0].TargetGroupArn",
        "create-target-group --name "
            + name
            + " --protocol HTTP --port 80 --target-type ip --health-check-path /health"
            + " --health-check-interval-seconds 5 --health-check-timeout-seconds 2"
            + " --unhealthy-threshold-count 2 --healthy-threshold-count 2"
            + more);
  }

  private String listen(String balancer, String group) {
    return text(
        "Listeners[0].ListenerArn",
        "create-listener --load-balancer-arn "
            + balancer
            + " --protocol HTTP --port 80 --default-actions Type=forward,TargetGroupArn="
            + group);
  }

  private String awaitHealth(String group, String reason) throws InterruptedException {
    String seen = "";
    for (int i = 0; i < 60; i++) {
      seen =
          text(
              "TargetHealthDescriptions[].TargetHealth.[State,Reason,Description]",
              "describe-target-health --target-group-arn " + group);
      if (seen.contains(reason)) {
        return seen;
      }
      Thread.sleep(200);
    }
    throw new AssertionError("not " + reason + " but " + seen);
  }

  @ParameterizedTest
  @MethodSource("programs")
  void aTargetIsServedWhenItIsHealthyAndTheReasonIsToldWhenItIsNot(String with) throws Exception {
    program = with;
    WebTarget a = target("a");
    String group = group("web", "");
    elbv2(
        "register-targets --target-group-arn "
            + group
            + " --targets Id=127.0.0.1,Port="
            + a.port());
    assertTrue(awaitHealth(group, "unused").contains("Target.NotInUse"));
    String balancer = balancer("front", "");
    String dns = text("LoadBalancers[0].DNSName", "describe-load-balancers --names front");
    assertTrue(dns.matches("front-[0-9]+\\.us-east-1\\.elb\\.amazonaws\\.com"), dns);
    assertEquals(List.of(address(balancer)), elb.addresses(dns).orElseThrow());
    elbv2("wait load-balancer-available --names front");
    listen(balancer, group);
    elbv2("wait target-in-service --target-group-arn " + group);
    String url = "http://" + address(balancer) + "/x";
    assertEquals("a", curl(url));
    assertEquals(address(balancer), a.last().get("from"), "security groups can tell it");
    assertEquals("http", a.last().get("x-forwarded-proto"));
    assertEquals("80", a.last().get("x-forwarded-port"));
    assertTrue(a.last().containsKey("x-forwarded-for"));
    a.health(404);
    assertTrue(
        awaitHealth(group, "unhealthy")
            .contains("Target.ResponseCodeMismatch\tHealth checks failed with these codes: [404]"));
    assertEquals(
        "a",
        curl(url),
        () -> "the last one serves though it is unhealthy: " + lab.edge.targets(group));
    WebTarget b = target("b");
    elbv2(
        "register-targets --target-group-arn "
            + group
            + " --targets Id=127.0.0.1,Port="
            + b.port());
    awaitHealth(group, "healthy\tNone");
    assertEquals("bbbb", curl(url + "[1-4]"));
    elbv2(
        "deregister-targets --target-group-arn "
            + group
            + " --targets Id=127.0.0.1,Port="
            + b.port());
    elbv2(
        "wait target-deregistered --target-group-arn "
            + group
            + " --targets Id=127.0.0.1,Port="
            + b.port());
    elbv2("delete-load-balancer --load-balancer-arn " + balancer);
    elbv2("wait load-balancers-deleted --load-balancer-arns " + balancer);
    elbv2("delete-target-group --target-group-arn " + group);
  }
}
