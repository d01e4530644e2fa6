package dev.esteira.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
        .addSubcommand(new Cancel(context))
        .addSubcommand(new Start(context))
        .addSubcommand(new Retry(context));
    JobCommands.addTo(line, context);
    ScheduleCommands.addTo(line, context);
    line.addSubcommand(new EnvironmentsCommand(context));
    line.addSubcommand(new ReleasesCommand(context));
    ArtifactCommands.addTo(line, context);
  }

  @Command(
      name = "runs",
      description = "Lists runs, latest first.",
      mixinStandardHelpOptions = true,
      footer = {
        "",
        "Examples:",
        "  ./esteira runs               of all projects",
        "  ./esteira runs shop --json   of one"
      })
  static final class Runs extends ListCommand {
    @Parameters(
        paramLabel = "PROJECT",
        arity = "0..1",
        description = "The project's name; without it, the runs of all.")
    private String project = "";

    @Option(names = "--limit", defaultValue = "20", description = "How many (default 20).")
    private int limit;

    Runs(Context context) {
      super(
          context,
          List.of("RUN", "PROJECT", "NUMBER", "STATE", "COMMIT", "REF", "WAITING FOR"),
          List.of("/id", "/project", "/number", "/state", "/commit", "/ref", "/waitingFor"));
    }

    @Override
    JsonNode rows(HouseClient house) {
      String one = project.isEmpty() ? "" : "&project=" + HouseClient.encode(project);
      return house.get("/api/v1/runs?limit=" + limit + one);
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
    /** Ends, or rests, of a run that did not fail. */
    private static final Set<String> WELL = Set.of("succeeded", "blocked", "skipped");

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

    /** Follows a run to its end; 0 when it ended well. */
    static int follow(Context context, String run) {
      Logs logs = new Logs(context);
      logs.run = run;
      logs.follow = true;
      return logs.call();
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
        if (!line.path("waitingFor").asText("").isEmpty()) {
          context.output().say(line.path("waitingFor").asText());
        }
        return follow && !WELL.contains(state) ? 1 : exit;
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
      name = "run",
      description = "Starts a run of a branch or tag by hand.",
      mixinStandardHelpOptions = true,
      footer = {
        "",
        "Examples:",
        "  ./esteira run shop",
        "  ./esteira run shop --ref v1.2 --var DEPLOY=yes",
        "  ./esteira run --job test       follow one job on the working tree",
      })
  static final class Start implements Callable<Integer> {
    private final Context context;

    @Parameters(
        arity = "0..1",
        paramLabel = "PROJECT",
        description = "The project's name; with --job, what a remote of this directory says.")
    private String project = "";

    @Option(
        names = "--job",
        paramLabel = "NAME",
        description = "Run this one job with the files of this directory as they are, unpushed.")
    private String job = "";

    @Option(names = "--ref", paramLabel = "R", description = "Branch or tag (default branch).")
    private String ref = "";

    @Option(names = "--var", paramLabel = "K=V", description = "A variable of this run.")
    private List<String> variables = List.of();

    @Option(
        names = "--source",
        description =
            "What the file sees as the cause: web, api, schedule, push (web; push with --job).")
    private String source = "";

    @Option(names = "--json", description = "Print the run as one JSON object.")
    private boolean json;

    Start(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      if (!job.isEmpty()) {
        String seen = source.isEmpty() ? "push" : source;
        return new LocalRun(context, project, seen, Pairs.of(variables)).follow(job, ref);
      }
      if (project.isEmpty()) {
        context.output().say("name the project to run, or a job of this directory with --job");
        return CommandLine.ExitCode.USAGE;
      }
      JsonNode run =
          context
              .house()
              .post(
                  "/api/v1/runs",
                  Map.of(
                      "project",
                      project,
                      "ref",
                      ref,
                      "source",
                      source.isEmpty() ? "web" : source,
                      "variables",
                      Pairs.of(variables)));
      print(context, run, json);
      return run.path("state").asText().equals("failed") ? 1 : 0;
    }
  }

  private static void print(Context context, JsonNode run, boolean json) {
    if (json) {
      context.output().json(run);
    } else {
      context.output().data(run.path("id").asText());
    }
    context.output().say(run.path("state").asText() + ": " + run.path("url").asText());
    if (run.hasNonNull("failure")) {
      context.output().say(run.path("failure").asText());
    }
  }

  @Command(
      name = "retry",
      description = "Tries the failed and cancelled jobs of an ended run again.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  ./esteira retry RUN"})
  static final class Retry implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "RUN", description = "The run's id.")
    private String run = "";

    @Option(names = "--json", description = "Print the run as one JSON object.")
    private boolean json;

    Retry(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      String path = "/api/v1/runs/" + HouseClient.encode(run) + "/retry";
      print(context, context.house().post(path, Map.of()), json);
      return 0;
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
