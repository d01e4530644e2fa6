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
    deregistersAndDeletes(balancer, group, url);
  }

  private void deregistersAndDeletes(String balancer, String group, String url) throws Exception {
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

  @ParameterizedTest
  @MethodSource("programs")
  void rulesCertificatesAndAttributesAreWhatTheCallsSay(String with) throws Exception {
    program = with;
    WebTarget a = target("a");
    WebTarget b = target("b");
    String one = group("one", "");
    String two = group("two", "");
    register(one, a);
    register(two, b);
    String balancer = balancer("front", " --tags Key=team,Value=x");
    String listener = listen(balancer, one);
    String rule = rules(listener, two);
    elbv2("wait target-in-service --target-group-arn " + one);
    elbv2("wait target-in-service --target-group-arn " + two);
    String url = "http://" + address(balancer);
    assertEquals("a", curl(url + "/"));
    assertEquals("b", curl(url + "/b/x"));
    assertEquals("no405", curl("-X", "PUT", "-w", "%{http_code}", url + "/"));
    assertEquals(
        "https://new.example.com:443/p?q=1",
        curl(
            "-o",
            "/dev/null",
            "-w",
            "%{redirect_url}",
            "-H",
            "Host: old.example.com",
            url + "/p?q=1"));
    assertEquals(
        "5\t7\t10\tdefault", text("Rules[].Priority", "describe-rules --listener-arn " + listener));
    elbv2("modify-rule --rule-arn " + rule, "--conditions", "Field=path-pattern,Values=/only-b");
    assertEquals("a", curl(url + "/b/x"));
    assertEquals("b", curl(url + "/only-b"));
    elbv2("set-rule-priorities --rule-priorities RuleArn=" + rule + ",Priority=1");
    elbv2("delete-rule --rule-arn " + rule);
    assertEquals("a", curl(url + "/only-b"));
    secure(balancer, one);
    attributes(balancer, one);
    refusals(balancer, listener, one);
  }

  /** The one for a path. */
  private String rules(String listener, String two) {
    String rule =
        text(
            "Rules[0].RuleArn",
            "create-rule --listener-arn " + listener + " --priority 10",
            "--conditions",
            "Field=path-pattern,Values=/b/*",
            "--actions",
            "Type=forward,TargetGroupArn=" + two);
    elbv2(
        "create-rule --listener-arn " + listener + " --priority 5",
        "--conditions",
        "[{\"Field\":\"http-request-method\",\"HttpRequestMethodConfig\":{\"Values\":[\"PUT\"]}}]",
        "--actions",
        "[{\"Type\":\"fixed-response\",\"FixedResponseConfig\":{\"StatusCode\":\"405\","
            + "\"ContentType\":\"text/plain\",\"MessageBody\":\"no\"}}]");
    elbv2(
        "create-rule --listener-arn " + listener + " --priority 7",
        "--conditions",
        "Field=host-header,Values=old.example.com",
        "--actions",
        "Type=redirect,RedirectConfig={Protocol=HTTPS,Port=443,Host=new.example.com,"
            + "StatusCode=HTTP_301}");
    return rule;
  }

  private void refusals(String balancer, String listener, String one) {
    assertTrue(
        refused(
                "create-rule --listener-arn " + listener + " --priority 5",
                "--conditions",
                "Field=path-pattern,Values=/c",
                "--actions",
                "Type=forward,TargetGroupArn=" + one)
            .contains("PriorityInUse"));
    assertTrue(refused("delete-target-group --target-group-arn " + one).contains("ResourceInUse"));
    assertTrue(refused("describe-target-groups --names none").contains("TargetGroupNotFound"));
    assertTrue(refused("describe-load-balancers --names none").contains("LoadBalancerNotFound"));
    assertEquals(
        "x", text("TagDescriptions[0].Tags[0].Value", "describe-tags --resource-arns " + balancer));
    elbv2("describe-account-limits");
    elbv2("describe-ssl-policies");
  }

  private void register(String group, WebTarget target) {
    elbv2(
        "register-targets --target-group-arn "
            + group
            + " --targets Id=127.0.0.1,Port="
            + target.port());
  }

  private void secure(String balancer, String group) {
    String certificate =
        aws.ok(
                program,
                key,
                "acm request-certificate --domain-name shop.test --validation-method DNS"
                    + " --output text")
            .strip();
    aws.ok(program, key, "acm wait certificate-validated --certificate-arn " + certificate);
    String listener =
        text(
            "Listeners[0].ListenerArn",
            "create-listener --load-balancer-arn "
                + balancer
                + " --protocol HTTPS --port 443 --certificates CertificateArn="
                + certificate
                + " --default-actions Type=forward,TargetGroupArn="
                + group);
    assertEquals(
        "a https",
        curl("-k", "--connect-to", "::" + address(balancer) + ":443", "https://shop.test/")
            + " "
            + targets.getFirst().last().get("x-forwarded-proto"));
    assertTrue(
        aws.aws(program, key, "acm delete-certificate --certificate-arn " + certificate)
            .output()
            .contains("ResourceInUseException"));
    elbv2("delete-listener --listener-arn " + listener);
    aws.ok(program, key, "acm delete-certificate --certificate-arn " + certificate);
  }

  private void attributes(String balancer, String group) {
    elbv2(
        "modify-target-group-attributes --target-group-arn "
            + group
            + " --attributes Key=stickiness.enabled,Value=true"
            + " Key=deregistration_delay.timeout_seconds,Value=5");
    assertTrue(curl("-i", "http://" + address(balancer) + "/").contains("AWSALB="));
    assertTrue(
        refused(
                "modify-target-group-attributes --target-group-arn "
                    + group
                    + " --attributes Key=slow_start.duration_seconds,Value=60")
            .contains("not supported"));
    elbv2(
        "modify-load-balancer-attributes --load-balancer-arn "
            + balancer
            + " --attributes Key=deletion_protection.enabled,Value=true");
    assertTrue(
        refused("delete-load-balancer --load-balancer-arn " + balancer)
            .contains("OperationNotPermitted"));
  }
}
