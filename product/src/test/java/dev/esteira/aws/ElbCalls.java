package dev.esteira.aws;

import dev.esteira.base.Awaiting;
import dev.esteira.base.Commands;
import dev.esteira.edge.EdgeLab;
import dev.esteira.edge.WebTarget;
import dev.esteira.edge.elb.Certificates;
import dev.esteira.edge.elb.Elb;
import dev.esteira.edge.elb.Machines;
import dev.esteira.names.CertificateAuthority;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Load balancers on a real HAProxy under the real command lines, for the tests of their calls. */
abstract class ElbCalls extends AwsCalls {
  EdgeLab lab;
  Elb elb;
  final List<WebTarget> targets = new ArrayList<>();

  ElbCalls() {
    super("elbv2");
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

  final WebTarget target(String name) {
    WebTarget target = new WebTarget(name);
    targets.add(target);
    return target;
  }

  final String curl(String... arguments) {
    List<String> command = new ArrayList<>(List.of("curl", "-sS", "--noproxy", "*", "-m", "10"));
    command.addAll(List.of(arguments));
    return Commands.run(Duration.ofMinutes(2), "", command).output().strip();
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
        "create-load-balancer --name " + name + " --subnets " + subnets() + more,
        "LoadBalancers[0].LoadBalancerArn");
  }

  final String address(String arn) {
    return text(
        "describe-load-balancers --load-balancer-arns " + arn,
        "LoadBalancers[0].AvailabilityZones[0].LoadBalancerAddresses[0].IpAddress");
  }

  final String group(String name, String more) {
    return text(
        "create-target-group --name "
            + name
            + " --protocol HTTP --port 80 --target-type ip --health-check-path /health"
            + " --health-check-interval-seconds 5 --health-check-timeout-seconds 2"
            + " --unhealthy-threshold-count 2 --healthy-threshold-count 2"
            + more,
        "TargetGroups[0].TargetGroupArn");
  }

  final String listen(String balancer, String group) {
    return text(
        "create-listener --load-balancer-arn "
            + balancer
            + " --protocol HTTP --port 80 --default-actions Type=forward,TargetGroupArn="
            + group,
        "Listeners[0].ListenerArn");
  }

  final String awaitHealth(String group, String reason) throws InterruptedException {
    return Awaiting.until(
        () ->
            text(
                "describe-target-health --target-group-arn " + group,
                "TargetHealthDescriptions[].TargetHealth.[State,Reason,Description]"),
        seen -> seen.contains(reason));
  }

  final void register(String group, WebTarget target) {
    ok(
        "register-targets --target-group-arn "
            + group
            + " --targets Id=127.0.0.1,Port="
            + target.port());
  }
}
