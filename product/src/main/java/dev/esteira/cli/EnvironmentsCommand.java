package dev.esteira.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code esteira environments}: where the jobs of a project deploy to. */
@Command(
    name = "environments",
    description = "Lists the environments of a project with their last deployments.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  ./esteira environments shop --json",
      "  ./esteira environments shop --stop review/login",
    })
final class EnvironmentsCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(paramLabel = "PROJECT", description = "The project's name.")
  private String project = "";

  @Option(
      names = "--stop",
      paramLabel = "NAME",
      description = "Stop this one: play its on_stop job, if it has one.")
  private String stop = "";

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  EnvironmentsCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (!stop.isEmpty()) {
      JsonNode stopped =
          context
              .house()
              .post("/api/v1/environments/stop", Map.of("project", project, "name", stop));
      if (json) {
        context.output().json(stopped);
      }
      context.output().say(stop + ": " + stopped.path("state").asText());
      return 0;
    }
    JsonNode all =
        context.house().get("/api/v1/environments?project=" + HouseClient.encode(project));
    if (json) {
      context.output().json(all);
    } else {
      context
          .output()
          .table(
              List.of("NAME", "STATE", "TIER", "URL", "LAST DEPLOYMENT", "RUN", "COMMIT"),
              all,
              List.of(
                  "/name",
                  "/state",
                  "/tier",
                  "/url",
                  "/deployments/0/state",
                  "/deployments/0/runId",
                  "/deployments/0/commit"));
    }
    return 0;
  }
}
