package dev.esteira.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.Awaiting;
import dev.esteira.base.Commands;
import dev.esteira.edge.WebTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Load balancers that are changed, those of the network, and certificates made elsewhere. */
@Tag("system")
class ElbChangesTest extends ElbCalls {
  private String acm(String line, String... more) {
    return aws.ok(program, key, "acm " + line, more).strip();
  }

  /** A certificate that somebody else signed, here itself. */
  private Path signed(String name) {
    Path certificate = directory.resolve(name + ".pem");
    Commands.check(
        List.of(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=" + name,
            "-addext",
            "subjectAltName=DNS:" + name,
            "-keyout",
            directory.resolve(name + ".key").toString(),
            "-out",
            certificate.toString()));
    return certificate;
  }

  private String imported(String name) {
    Path certificate = signed(name);
    return acm(
        "import-certificate --certificate fileb://"
            + certificate
            + " --private-key fileb://"
            + directory.resolve(name + ".key")
            + " --query CertificateArn --output text");
  }

  /** What answers at a name, which must prove it by a certificate of its own. */
  private String curlTrusting(String name, String balancer) {
    return curl(
        "--cacert",
        directory.resolve(name + ".pem").toString(),
        "--connect-to",
        "::" + address(balancer) + ":443",
        "https://" + name + "/");
  }

  @Test
  void networkBalancersCarryTcpAndEndTls() throws Exception {
    WebTarget a = target("a");
    String group =
        text(
            "create-target-group --name tcp --protocol TCP --port 80 --target-type ip"
                + " --health-check-interval-seconds 5 --health-check-timeout-seconds 2"
                + " --healthy-threshold-count 2",
            "TargetGroups[0].TargetGroupArn");
    String balancer = balancer("front", " --type network");
    String dns = text("describe-load-balancers --names front", "LoadBalancers[0].DNSName");
    assertTrue(dns.matches("front-[0-9a-f]{16}\\.elb\\.us-east-1\\.amazonaws\\.com"), dns);
    ok(
        "create-listener --load-balancer-arn "
            + balancer
            + " --protocol TCP --port 80 --default-actions Type=forward,TargetGroupArn="
            + group);
    String certificate = imported("shop.test");
    ok(
        "create-listener --load-balancer-arn "
            + balancer
            + " --protocol TLS --port 443 --certificates CertificateArn="
            + certificate
            + " --default-actions Type=forward,TargetGroupArn="
            + group);
    register(group, a);
    awaitHealth(group, "healthy\tNone");

    assertEquals("a", curl("http://" + address(balancer) + "/"));
    assertEquals("a", curlTrusting("shop.test", balancer));
    assertEquals(
        "IMPORTED\t" + balancer,
        acm(
            "describe-certificate --query Certificate.[Type,InUseBy[0]] --output text"
                + " --certificate-arn "
                + certificate));
    certificates(certificate);
  }

  private void certificates(String arn) throws Exception {
    assertEquals(
        Files.readString(directory.resolve("shop.test.pem")).strip(),
        acm("get-certificate --query Certificate --output text --certificate-arn " + arn));
    assertEquals(
        arn + "\tshop.test",
        acm(
            "list-certificates --output text --query"
                + " CertificateSummaryList[].[CertificateArn,DomainName]"));
    acm("add-tags-to-certificate --tags Key=a,Value=1 Key=b,Value=2 --certificate-arn " + arn);
    acm("remove-tags-from-certificate --tags Key=b --certificate-arn " + arn);
    assertEquals(
        "a\t1",
        acm(
            "list-tags-for-certificate --output text --query Tags[].[Key,Value]"
                + " --certificate-arn "
                + arn));
  }

  @Test
  void aListenerShowsTheCertificateOfTheNameThatIsAskedFor() throws Exception {
    WebTarget a = target("a");
    String group = group("web", "");
    register(group, a);
    String balancer = balancer("front", "");
    String one = imported("one.test");
    String two = imported("two.test");
    String listener =
        text(
            "create-listener --load-balancer-arn "
                + balancer
                + " --protocol HTTPS --port 443 --certificates CertificateArn="
                + one
                + " --default-actions Type=forward,TargetGroupArn="
                + group,
            "Listeners[0].ListenerArn");
    awaitHealth(group, "healthy\tNone");
    assertTrue(curlTrusting("two.test", balancer).contains("certificate"));

    ok(
        "add-listener-certificates --listener-arn "
            + listener
            + " --certificates CertificateArn="
            + two);
    assertEquals("a", curlTrusting("one.test", balancer));
    assertEquals("a", curlTrusting("two.test", balancer));
    assertEquals(
        one + "\tTrue\n" + two + "\tFalse",
        text(
            "describe-listener-certificates --listener-arn " + listener,
            "Certificates[].[CertificateArn,IsDefault]"));

    ok(
        "remove-listener-certificates --listener-arn "
            + listener
            + " --certificates CertificateArn="
            + two);
    assertTrue(curlTrusting("two.test", balancer).contains("certificate"));
    ok("modify-listener --listener-arn " + listener + " --certificates CertificateArn=" + two);
    assertEquals("a", curlTrusting("two.test", balancer));
  }

  @Test
  void whatWasMadeIsChanged() throws Exception {
    WebTarget a = target("a");
    WebTarget b = target("b");
    String one = group("one", "");
    String two = group("two", "");
    register(one, a);
    register(two, b);
    String balancer = balancer("front", "");
    String listener = listen(balancer, one);
    awaitHealth(one, "healthy\tNone");

    ok(
        "modify-listener --port 8080 --listener-arn "
            + listener
            + " --default-actions Type=forward,TargetGroupArn="
            + two);
    awaitHealth(two, "healthy\tNone");
    assertEquals("b", curl("http://" + address(balancer) + ":8080/"));
    assertEquals(
        "8080\tHTTP",
        text("describe-listeners --load-balancer-arn " + balancer, "Listeners[].[Port,Protocol]"));
    ok("modify-target-group --health-check-path /other --target-group-arn " + two);
    Awaiting.until(() -> b.last().getOrDefault("user-agent", "").startsWith("ELB-HealthChecker"));
    assertEquals(
        "/other",
        text(
            "describe-target-groups --target-group-arns " + two,
            "TargetGroups[0].HealthCheckPath"));
    attributes(balancer, two);
    tags(balancer, listener);
    places(balancer);
    listenerAttributes(listener);
  }

  private void attributes(String balancer, String group) {
    ok(
        "modify-target-group-attributes --target-group-arn "
            + group
            + " --attributes Key=deregistration_delay.timeout_seconds,Value=7");
    assertEquals(
        "7",
        text(
            "describe-target-group-attributes --target-group-arn " + group,
            "Attributes[?Key=='deregistration_delay.timeout_seconds'].Value"));
    assertEquals(
        "false",
        text(
            "describe-load-balancer-attributes --load-balancer-arn " + balancer,
            "Attributes[?Key=='deletion_protection.enabled'].Value"));
  }

  private void tags(String balancer, String listener) {
    ok("add-tags --tags Key=a,Value=1 Key=b,Value=2 --resource-arns", balancer, listener);
    ok("remove-tags --tag-keys b --resource-arns", balancer, listener);
    assertEquals(
        "a\t1\na\t1",
        text(
            "describe-tags --resource-arns",
            "TagDescriptions[].Tags[].[Key,Value]",
            balancer,
            listener));
  }

  private void places(String balancer) {
    String vpc = text("describe-load-balancers --names front", "LoadBalancers[0].VpcId");
    String group =
        aws.ok(
                program,
                key,
                "ec2 create-security-group --group-name front --description x --vpc-id " + vpc,
                "--query",
                "GroupId",
                "--output",
                "text")
            .strip();
    ok("set-security-groups --load-balancer-arn " + balancer + " --security-groups " + group);
    ok("set-subnets --load-balancer-arn " + balancer + " --subnets " + lastSubnets());
    assertEquals(
        group + "\tus-east-1b us-east-1c",
        text(
            "describe-load-balancers --names front",
            "LoadBalancers[].[SecurityGroups[0],join(' ',sort(AvailabilityZones[].ZoneName))]"));
  }

  private String lastSubnets() {
    return aws.clouds.now().subnets().values().stream()
        .filter(each -> !each.zone().equals("us-east-1a"))
        .map(each -> each.id())
        .reduce("", (x, y) -> x + " " + y)
        .strip();
  }

  /** An older client does not know them. */
  private void listenerAttributes(String listener) {
    if (isLatest()) {
      String key = "routing.http.response.server.enabled";
      assertEquals(
          "true",
          text(
              "describe-listener-attributes --listener-arn " + listener,
              "Attributes[?Key=='" + key + "'].Value"));
      String modify = "modify-listener-attributes --listener-arn " + listener + " --attributes";
      ok(modify, "Key=" + key + ",Value=true");
      assertTrue(
          refused("InvalidConfigurationRequest", modify, "Key=" + key + ",Value=false")
              .contains("not support"));
    }
  }
}
