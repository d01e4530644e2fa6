package dev.esteira.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands about runs: list them, read their logs, cancel them. */
final class RunCommands {
  private RunCommands() {}

  static void addTo(CommandLine line, Context context) {
    line.addSubcommand(new Runs(context))
        .addSubcommand(new Logs(context))
        .addSubcommand(new Cancel(context));
  }

  @Command(
      name = "runs",
      description = "Lists the runs of a project, latest first.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  ./esteira runs shop --json"})
  static final class Runs implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "PROJECT", description = "The project's name.")
    private String project = "";

    @Option(names = "--limit", defaultValue = "20", description = "How many (default 20).")
    private int limit;

    @Option(names = "--json", description = "Print one JSON array.")
    private boolean json;

    Runs(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode runs =
          context
              .house()
              .get("/api/v1/runs?project=" + HouseClient.encode(project) + "&limit=" + limit);
      if (json) {
        context.output().json(runs);
      } else {
        context
            .output()
            .table(
                List.of("RUN", "NUMBER", "STATE", "COMMIT", "REF", "WAITING FOR"),
                runs,
                List.of("/id", "/number", "/state", "/commit", "/ref", "/waitingFor"));
      }
      return 0;
    }
  }

  @Command(
      name = "logs",
      description = "Prints the log of a run, or of a project's latest run.",
      mixinStandardHelpOptions = true,
      footer = {
        "",
        "Examples:",
        "  ./esteira logs -f shop       follow the latest run of the project",
        "  ./esteira logs RUN --json    every line with job, time and number",
      })
  static final class Logs implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "RUN|PROJECT", description = "A run's id or a project's name.")
    private String run = "";

    @Option(
        names = {"-f", "--follow"},
        description = "Go on until the run ends; exit 1 when it failed.")
    private boolean follow;

    @Option(
        names = {"-t", "--timestamps"},
        description = "Begin each line with its time.")
    private boolean timestamps;

    @Option(names = "--json", description = "Print one JSON object a line.")
    private boolean json;

    Logs(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      int[] exit = {0};
      context.house().stream(
          "GET",
          "/api/v1/logs?run=" + HouseClient.encode(run) + "&follow=" + follow,
          null,
          line -> exit[0] = print(line, exit[0]));
      return exit[0];
    }

    private int print(JsonNode line, int exit) {
      if (line.has("state")) {
        String state = line.path("state").asText();
        context.output().say("run " + line.path("run").asText() + ": " + state);
        if (line.hasNonNull("failure")) {
          context.output().say(line.path("failure").asText());
        }
        return follow && !state.equals("succeeded") ? 1 : exit;
      }
      if (json) {
        context.output().data(line.toString());
      } else if (timestamps) {
        context.output().data(line.path("at").asText() + " " + line.path("text").asText());
      } else {
        context.output().data(line.path("text").asText());
      }
      return exit;
    }
  }

  @Command(
      name = "cancel",
      description = "Ends a run.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  ./esteira cancel RUN"})
  static final class Cancel implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "RUN", description = "The run's id.")
    private String run = "";

    Cancel(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      context.house().post("/api/v1/runs/" + HouseClient.encode(run) + "/cancel", List.of());
      return 0;
    }
  }
}
