package dev.esteira.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.Home;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The sample that replaces its own machine: the pipeline pushes an image and ends the machine that
 * runs the old one; its Auto Scaling group starts another, which takes over the fixed address.
 */
final class DemoCharlie {
  static final String SAMPLE = "charlie-tradebot";
  private static final String GROUP = "charlie-bots";
  private static final String PROJECT = GROUP + "/" + SAMPLE;

  private final Context context;

  DemoCharlie(Context context) {
    this.context = context;
  }

  int call() {
    Home home = context.home();
    Endpoints endpoints = new HouseProcess(home, context.output()).up();
    say("1. Base images (made from Debian packages the first time; kept for later)");
    DemoRuns.images(context);
    say("2. Project '" + PROJECT + "', a deploy token of its group, and the group's variables");
    DemoRuns runs = new DemoRuns(context, home, endpoints, PROJECT, SAMPLE);
    runs.create();
    Map<String, String> login = login(runs);
    Map<String, String> environment = new TreeMap<>(EnvCommand.variables(home, endpoints));
    environment.put("REGISTRY_USER", login.get("CHARLIE_REGISTRY_USER"));
    environment.put("REGISTRY_PASSWORD", login.get("CHARLIE_REGISTRY_PASSWORD"));
    runs.checkout().prepare();
    DemoShell shell = new DemoShell(runs.checkout().directory(), environment);
    say("3. setup.sh: address, firewalls, machine image and group, by the AWS CLI");
    shell.run(line -> say("   | " + line), List.of("./setup.sh"));
    DemoVisitor visitor = new DemoVisitor(environment, SAMPLE);
    String address = "http://" + publicAddress(shell);
    awaitMachine(visitor, shell);
    deploy(runs, shell, visitor, address, "4. git push (version %s)");
    deploy(runs, shell, visitor, address, "5. git push again (version %s): another machine");
    table(shell);
    say("");
    say("Next: curl " + address + "/health-check");
    say("      eval \"$(./esteira env)\"; aws ec2 describe-instances");
    say("      ./esteira instance list; ./esteira down stops everything");
    context.output().data("LIVE " + address + ":80/health-check");
    return 0;
  }

  /** A token that may push and pull, as the group's variables. */
  private Map<String, String> login(DemoRuns runs) {
    JsonNode made =
        context
            .house()
            .post(
                "/api/v1/tokens",
                Map.of(
                    "scope",
                    "group/" + GROUP,
                    "name",
                    "demo",
                    "username",
                    "charlie",
                    "rights",
                    List.of("read_registry", "write_registry")));
    String user = made.path("username").asText();
    String password = made.path("token").asText();
    runs.set("group/" + GROUP, Map.of("CHARLIE_REGISTRY_USER", user), false);
    runs.set("group/" + GROUP, Map.of("CHARLIE_REGISTRY_PASSWORD", password), true);
    return Map.of("CHARLIE_REGISTRY_USER", user, "CHARLIE_REGISTRY_PASSWORD", password);
  }

  private static String publicAddress(DemoShell shell) {
    return shell.ask(
        "aws",
        "ec2",
        "describe-addresses",
        "--filters",
        "Name=tag:Name,Values=" + SAMPLE,
        "--query",
        "Addresses[0].PublicIp",
        "--output",
        "text");
  }

  /** The machine in service that the pipeline is going to replace. */
  private void awaitMachine(DemoVisitor visitor, DemoShell shell) {
    String id = visitor.await("a machine of the group in service", () -> inService(shell));
    say("   machine " + id + " is in service");
  }

  private static String inService(DemoShell shell) {
    return shell.ask(
        "aws",
        "autoscaling",
        "describe-auto-scaling-groups",
        "--auto-scaling-group-names",
        SAMPLE,
        "--query",
        "AutoScalingGroups[0].Instances[?LifecycleState=='InService'].InstanceId",
        "--output",
        "text");
  }

  private void deploy(
      DemoRuns runs, DemoShell shell, DemoVisitor visitor, String address, String title) {
    String before = inService(shell);
    String version = runs.push(title);
    say("   the pipeline ended machine " + before + "; its group starts another one");
    visitor.awaitVersion(address, version);
    String after = visitor.await("the new machine in service", () -> inService(shell));
    say("   " + after + " took over " + address + ", version " + version);
  }

  private void table(DemoShell shell) {
    say("6. All machines, the ended ones too");
    shell.run(
        line -> say("   | " + line),
        List.of(
            "aws",
            "ec2",
            "describe-instances",
            "--filters",
            "Name=tag:Name,Values=" + SAMPLE,
            "--query",
            "Reservations[*].Instances[*].[InstanceId,State.Name,PublicIpAddress,LaunchTime]",
            "--output",
            "text"));
  }

  private void say(String line) {
    context.output().say(line);
  }
}
