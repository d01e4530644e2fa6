package dev.esteira.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A project of a demonstration: made, pushed to, its run followed to the end. */
final class DemoRuns {
  private final Context context;
  private final HouseClient house;
  private final String project;
  private final DemoCheckout checkout;

  DemoRuns(Context context, Home home, Endpoints endpoints, String project, String sample) {
    this.context = context;
    this.house = context.house();
    this.project = project;
    this.checkout = new DemoCheckout(home, sample, EnvCommand.variables(home, endpoints));
  }

  DemoCheckout checkout() {
    return checkout;
  }

  /** Makes the images that Esteira ships, unless they are there. */
  static void images(Context context) {
    context.house().stream(
        "POST",
        "/api/v1/images",
        Map.of(),
        line -> {
          if (line.has("error")) {
            throw EsteiraException.internal(line.path("error").asText(), null);
          }
          context.output().say("   " + line.path("text").asText());
        });
  }

  void create() {
    house.post("/api/v1/projects", Map.of("path", project, "settings", Map.of()));
  }

  /** Sets variables of {@code project/…} or {@code group/…}, which are not secret. */
  void set(String scope, Map<String, String> values, boolean secret) {
    List<Map<String, Object>> variables = new ArrayList<>();
    values.forEach((name, value) ->
        variables.add(Map.of("name", name, "value", value, "secret", secret, "file", false)));
    house.post("/api/v1/variables", Map.of("scope", scope, "variables", variables));
  }

  /** Commits and pushes a new version, follows its run until that succeeded, and returns it. */
  String push(String title) {
    String version = checkout.commit();
    say(String.format(title, version));
    checkout.push(shown().path("git").asText(), line -> say("   | " + line));
    String id = shown().path("lastRun").path("id").asText();
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
          ErrorCode.INTERNAL,
          "the demo's run " + id + " ended: " + state[0],
          "./esteira logs " + id,
          null);
    }
    return version;
  }

  private JsonNode shown() {
    return house.get("/api/v1/project?path=" + HouseClient.encode(project));
  }

  private void say(String line) {
    context.output().say(line);
  }
}
