package dev.esteira.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * The whole line on the sample, through doors that a stranger has: the command line, git and
 * kubectl, and HTTP at the service's address.
 */
@Command(
    name = "demo",
    description = {
      "Takes the sample from git push to live, and again.",
      "Pushes the sample application, which goes live behind its load balancer; then pushes again,",
      "a rolling update. The last line says where it is live."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  ./esteira demo"})
final class DemoCommand implements Callable<Integer> {
  private static final String PROJECT = "comentarios-app";

  private final Context context;

  DemoCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Home home = context.home();
    Endpoints endpoints = new HouseProcess(home, context.output()).up();
    HouseClient house = context.house();
    say("1. Base images (made from Debian packages the first time; kept for later)");
    house.stream("POST", "/api/v1/images", Map.of(), this::progress);
    say("2. Project '" + PROJECT + "' and its variables");
    house.post("/api/v1/projects", Map.of("path", PROJECT, "settings", Map.of()));
    house.post(
        "/api/v1/variables", Map.of("scope", "project/" + PROJECT, "variables", variables()));
    String git =
        house.get("/api/v1/project?path=" + HouseClient.encode(PROJECT)).path("git").asText();
    DemoCheckout checkout = new DemoCheckout(home, PROJECT, EnvCommand.variables(home, endpoints));
    String first = push("3. git push (version %s)", checkout, git, house);
    DemoVisitor visitor = new DemoVisitor(EnvCommand.variables(home, endpoints), PROJECT);
    String address = visitor.address();
    visitor.awaitVersion(address, first);
    say("   live at " + address + ", version " + first);
    visitor.comment(address);
    say("   a comment was posted and read back");
    String second = push("4. git push again (version %s): a rolling update", checkout, git, house);
    visitor.awaitVersion(address, second);
    say("   every replica answers with version " + second);
    say("");
    say("Next: curl " + address + "/health-check");
    say("      eval \"$(./esteira env)\"; kubectl get pods,services");
    say("      " + endpoints.console() + "/ shows the runs; ./esteira down stops everything");
    context.output().data("LIVE " + address + "/health-check");
    return 0;
  }

  private static List<Map<String, Object>> variables() {
    return List.of(
        variable("AWS_ACCOUNT_ID", "123456789012"), variable("AWS_EKS_CLUSTER", "esteira"));
  }

  private static Map<String, Object> variable(String name, String value) {
    return Map.of("name", name, "value", value, "secret", false, "file", false);
  }

  private String push(String title, DemoCheckout checkout, String git, HouseClient house) {
    String version = checkout.commit();
    say(String.format(title, version));
    checkout.push(git, line -> say("   | " + line));
    JsonNode run = house.get("/api/v1/project?path=" + HouseClient.encode(PROJECT)).path("lastRun");
    String id = run.path("id").asText();
    String[] state = {""};
    house.stream(
        "GET",
        "/api/v1/logs?run=" + HouseClient.encode(id) + "&follow=true",
        null,
        line -> {
          if (line.has("state")) {
            state[0] = line.path("state").asText() + " " + line.path("failure").asText("");
          } else {
            say("   | " + line.path("text").asText());
          }
        });
    if (!state[0].strip().equals("succeeded")) {
      throw new EsteiraException(
          dev.esteira.base.ErrorCode.INTERNAL,
          "the demo's run " + id + " ended: " + state[0],
          "./esteira logs " + id,
          null);
    }
    return version;
  }

  private void progress(JsonNode line) {
    if (line.has("error")) {
      throw EsteiraException.internal(line.path("error").asText(), null);
    }
    say("   " + line.path("text").asText());
  }

  private void say(String line) {
    context.output().say(line);
  }
}
