package dev.esteira.cli;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * The whole line on a sample, through doors that a stranger has: the command line, git, docker,
 * kubectl and aws, and HTTP at the application's address.
 */
@Command(
    name = "demo",
    description = {
      "Takes a sample from git push to live, and again.",
      "comentarios: an application behind a load balancer in the cluster; the second push is a",
      "rolling update. charlie: a bot on a machine of an Auto Scaling group, which the pipeline",
      "replaces. The last line says where it is live."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Examples:", "  ./esteira demo", "  ./esteira demo charlie"})
final class DemoCommand implements Callable<Integer> {
  private static final String PROJECT = "comentarios-app";

  private final Context context;

  @Parameters(
      paramLabel = "SAMPLE",
      arity = "0..1",
      defaultValue = "comentarios",
      description = "comentarios (as if none is named) or charlie.")
  private String sample = "comentarios";

  DemoCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    return switch (sample) {
      case "comentarios", PROJECT -> comentarios();
      case "charlie", DemoCharlie.SAMPLE -> new DemoCharlie(context).call();
      default ->
          throw EsteiraException.invalid(
              "there is no sample '" + sample + "': comentarios or charlie");
    };
  }

  private int comentarios() {
    Home home = context.home();
    Endpoints endpoints = new HouseProcess(home, context.output()).up();
    say("1. Base images (made from Debian packages the first time; kept for later)");
    DemoRuns.images(context);
    say("2. Project '" + PROJECT + "' and its variables");
    DemoRuns runs = new DemoRuns(context, home, endpoints, PROJECT, PROJECT);
    runs.create();
    runs.set(
        "project/" + PROJECT,
        Map.of("AWS_ACCOUNT_ID", "123456789012", "AWS_EKS_CLUSTER", "esteira"),
        false);
    String first = runs.push("3. git push (version %s)");
    DemoVisitor visitor = new DemoVisitor(EnvCommand.variables(home, endpoints), PROJECT);
    String address = visitor.address();
    visitor.awaitVersion(address, first);
    say("   live at " + address + ", version " + first);
    visitor.comment(address);
    say("   a comment was posted and read back");
    String second = runs.push("4. git push again (version %s): a rolling update");
    visitor.awaitVersion(address, second);
    say("   every replica answers with version " + second);
    say("");
    say("Next: curl " + address + "/health-check");
    say("      eval \"$(./esteira env)\"; kubectl get pods,services");
    say("      " + endpoints.console() + "/ shows the runs (password: " + home.adminToken() + ")");
    say("      ./esteira down stops everything");
    context.output().data("LIVE " + address + "/health-check");
    return 0;
  }

  private void say(String line) {
    context.output().say(line);
  }
}
