package dev.esteira.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.edge.WebTarget;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Both command lines of AWS against load balancers on a real HAProxy. */
@Tag("system")
class ElbTest extends ElbCalls {
  @Test
  void aTargetIsServedWhenItIsHealthyAndTheReasonIsToldWhenItIsNot() throws Exception {
    WebTarget a = target("a");
    String group = group("web", "");
    ok("register-targets --target-group-arn " + group + " --targets Id=127.0.0.1,Port=" + a.port());
    assertTrue(awaitHealth(group, "unused").contains("Target.NotInUse"));
    String balancer = balancer("front", "");
    String dns = text("describe-load-balancers --names front", "LoadBalancers[0].DNSName");
    assertTrue(dns.matches("front-[0-9]+\\.us-east-1\\.elb\\.amazonaws\\.com"), dns);
    assertEquals(List.of(address(balancer)), elb.addresses(dns).orElseThrow());
    ok("wait load-balancer-available --names front");
    listen(balancer, group);
    awaitHealth(group, "healthy\tNone");
    ok("wait target-in-service --target-group-arn " + group);
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
    ok("register-targets --target-group-arn " + group + " --targets Id=127.0.0.1,Port=" + b.port());
    awaitHealth(group, "healthy\tNone");
    assertEquals("bbbb", curl(url + "[1-4]"));
    ok(
        "deregister-targets --target-group-arn "
            + group
            + " --targets Id=127.0.0.1,Port="
            + b.port());
    ok(
        "wait target-deregistered --target-group-arn "
            + group
            + " --targets Id=127.0.0.1,Port="
            + b.port());
    ok("delete-load-balancer --load-balancer-arn " + balancer);
    ok("wait load-balancers-deleted --load-balancer-arns " + balancer);
    ok("delete-target-group --target-group-arn " + group);
  }

  @Test
  void rulesCertificatesAndAttributesAreWhatTheCallsSay() throws Exception {
    WebTarget a = target("a");
    WebTarget b = target("b");
    String one = group("one", "");
    String two = group("two", "");
    register(one, a);
    register(two, b);
    String balancer = balancer("front", " --tags Key=team,Value=x");
    String listener = listen(balancer, one);
    String rule = rules(listener, two);
    awaitHealth(one, "healthy\tNone");
    awaitHealth(two, "healthy\tNone");
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
        "5\t7\t10\tdefault", text("describe-rules --listener-arn " + listener, "Rules[].Priority"));
    ok("modify-rule --rule-arn " + rule, "--conditions", "Field=path-pattern,Values=/only-b");
    assertEquals("a", curl(url + "/b/x"));
    assertEquals("b", curl(url + "/only-b"));
    ok("set-rule-priorities --rule-priorities RuleArn=" + rule + ",Priority=1");
    ok("delete-rule --rule-arn " + rule);
    assertEquals("a", curl(url + "/only-b"));
    secure(balancer, one);
    attributes(balancer, one);
    refusals(balancer, listener, one);
  }

  /** The one for a path. */
  private String rules(String listener, String two) {
    String rule =
        text(
            "create-rule --listener-arn " + listener + " --priority 10",
            "Rules[0].RuleArn",
            "--conditions",
            "Field=path-pattern,Values=/b/*",
            "--actions",
            "Type=forward,TargetGroupArn=" + two);
    ok(
        "create-rule --listener-arn " + listener + " --priority 5",
        "--conditions",
        "[{\"Field\":\"http-request-method\",\"HttpRequestMethodConfig\":{\"Values\":[\"PUT\"]}}]",
        "--actions",
        "[{\"Type\":\"fixed-response\",\"FixedResponseConfig\":{\"StatusCode\":\"405\","
            + "\"ContentType\":\"text/plain\",\"MessageBody\":\"no\"}}]");
    ok(
        "create-rule --listener-arn " + listener + " --priority 7",
        "--conditions",
        "Field=host-header,Values=old.example.com",
        "--actions",
        "Type=redirect,RedirectConfig={Protocol=HTTPS,Port=443,Host=new.example.com,"
            + "StatusCode=HTTP_301}");
    return rule;
  }

  private void refusals(String balancer, String listener, String one) {
    refused(
        "PriorityInUse",
        "create-rule --listener-arn " + listener + " --priority 5",
        "--conditions",
        "Field=path-pattern,Values=/c",
        "--actions",
        "Type=forward,TargetGroupArn=" + one);
    refused("ResourceInUse", "delete-target-group --target-group-arn " + one);
    refused("TargetGroupNotFound", "describe-target-groups --names none");
    refused("LoadBalancerNotFound", "describe-load-balancers --names none");
    assertEquals(
        "x", text("describe-tags --resource-arns " + balancer, "TagDescriptions[0].Tags[0].Value"));
    ok("describe-account-limits");
    ok("describe-ssl-policies");
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
            "create-listener --load-balancer-arn "
                + balancer
                + " --protocol HTTPS --port 443 --certificates CertificateArn="
                + certificate
                + " --default-actions Type=forward,TargetGroupArn="
                + group,
            "Listeners[0].ListenerArn");
    assertEquals(
        "a https",
        curl("-k", "--connect-to", "::" + address(balancer) + ":443", "https://shop.test/")
            + " "
            + targets.getFirst().last().get("x-forwarded-proto"));
    assertTrue(
        aws.aws(program, key, "acm delete-certificate --certificate-arn " + certificate)
            .output()
            .contains("ResourceInUseException"));
    ok("delete-listener --listener-arn " + listener);
    aws.ok(program, key, "acm delete-certificate --certificate-arn " + certificate);
  }

  private void attributes(String balancer, String group) {
    ok(
        "modify-target-group-attributes --target-group-arn "
            + group
            + " --attributes Key=stickiness.enabled,Value=true"
            + " Key=deregistration_delay.timeout_seconds,Value=5");
    assertTrue(curl("-i", "http://" + address(balancer) + "/").contains("AWSALB="));
    assertTrue(
        refused(
                "InvalidConfigurationRequest",
                "modify-target-group-attributes --target-group-arn "
                    + group
                    + " --attributes Key=slow_start.duration_seconds,Value=60")
            .contains("not supported"));
    ok(
        "modify-load-balancer-attributes --load-balancer-arn "
            + balancer
            + " --attributes Key=deletion_protection.enabled,Value=true");
    refused("OperationNotPermitted", "delete-load-balancer --load-balancer-arn " + balancer);
  }
}
