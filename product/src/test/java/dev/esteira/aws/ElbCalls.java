package dev.esteira.aws;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.esteira.access.Access;
import dev.esteira.base.Awaiting;
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
import org.junit.jupiter.api.io.TempDir;

/** Load balancers on a real HAProxy under the real command lines, for the tests of their calls. */
abstract class ElbCalls {
  @TempDir Path directory;
  EdgeLab lab;
  Elb elb;
  TestingAws aws;
  Access.AwsKey key;
  String program = "";
  final List<WebTarget> targets = new ArrayList<>();

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
                    new AcmFeature(elb, certificates, made.access, clock)));
    key = aws.job();
  }

  @AfterEach
  void close() {
    targets.forEach(WebTarget::close);
    aws.close();
    elb.close();
    lab.close();
  }

  final String elbv2(String line, String... more) {
    return aws.ok(program, key, "elbv2 " + line, more).strip();
  }

  final String text(String query, String line, String... more) {
    List<String> all = new ArrayList<>(List.of(more));
    all.addAll(List.of("--output", "text", "--query", query));
    return elbv2(line, all.toArray(String[]::new));
  }

  final String refused(String line, String... more) {
    Commands.Result result = aws.aws(program, key, "elbv2 " + line, more);
    assertFalse(result.ok(), line);
    return result.output();
  }

  final WebTarget target(String name) {
    WebTarget target = new WebTarget(name);
    targets.add(target);
    return target;
  }

  final String curl(String... arguments) {
    List<String> command = new ArrayList<>(List.of("curl", "-sS", "--noproxy", "*", "-m", "10"));
    command.addAll(List.of(arguments));
    return Commands.run(Duration.ofSeconds(20), "", command).output().strip();
  }

  final String subnets() {
    return aws.clouds.now().subnets().values().stream()
        .map(each -> each.id())
        .sorted()
        .limit(2)
        .reduce("", (a, b) -> a + " " + b)
        .strip();
  }

  final String balancer(String name, String more) {
    return text(
        "LoadBalancers[0].LoadBalancerArn",
        "create-load-balancer --name " + name + " --subnets " + subnets() + more);
  }

  final String address(String arn) {
    return text(
        "LoadBalancers[0].AvailabilityZones[0].LoadBalancerAddresses[0].IpAddress",
        "describe-load-balancers --load-balancer-arns " + arn);
  }

  final String group(String name, String more) {
    return text(
        "TargetGroups[0].TargetGroupArn",
        "create-target-group --name "
            + name
            + " --protocol HTTP --port 80 --target-type ip --health-check-path /health"
            + " --health-check-interval-seconds 5 --health-check-timeout-seconds 2"
            + " --unhealthy-threshold-count 2 --healthy-threshold-count 2"
            + more);
  }

  final String listen(String balancer, String group) {
    return text(
        "Listeners[0].ListenerArn",
        "create-listener --load-balancer-arn "
            + balancer
            + " --protocol HTTP --port 80 --default-actions Type=forward,TargetGroupArn="
            + group);
  }

  final String awaitHealth(String group, String reason) throws InterruptedException {
    return Awaiting.until(
        () ->
            text(
                "TargetHealthDescriptions[].TargetHealth.[State,Reason,Description]",
                "describe-target-health --target-group-arn " + group),
        seen -> seen.contains(reason));
  }

  final void register(String group, WebTarget target) {
    elbv2(
        "register-targets --target-group-arn "
            + group
            + " --targets Id=127.0.0.1,Port="
            + target.port());
  }
}
