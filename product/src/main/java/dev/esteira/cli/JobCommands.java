package dev.esteira.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code esteira job …}: the jobs of one run. */
@Command(
    name = "job",
    description = "Lists, explains, plays, cancels and retries the jobs of a run.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  ./esteira job list RUN",
      "  ./esteira job play RUN deploy --var TARGET=blue",
      "  ./esteira job retry RUN test",
    })
final class JobCommands {
  private JobCommands() {}

  static void addTo(CommandLine line, Context context) {
    CommandLine jobs = new CommandLine(new JobCommands());
    jobs.addSubcommand(new ListAll(context))
        .addSubcommand(new Why(context))
        .addSubcommand(new Play(context))
        .addSubcommand(new Cancel(context))
        .addSubcommand(new Retry(context));
    line.addSubcommand(jobs);
  }

  /** Which job of which run. */
  static final class Which {
    @Parameters(index = "0", paramLabel = "RUN", description = "The run's id.")
    private String run = "";

    @Parameters(index = "1", paramLabel = "JOB", description = "The job's name or id.")
    private String job = "";
  }

  private static int act(Context context, Which which, String action, List<String> variables) {
    JsonNode run =
        context
            .house()
            .post(
                "/api/v1/runs/" + HouseClient.encode(which.run) + "/job",
                Map.of("job", which.job, "action", action, "variables", Pairs.of(variables)));
    context.output().say("run " + which.run + ": " + run.path("state").asText());
    return 0;
  }

  @Command(
      name = "list",
      description = "Lists the jobs of a run, with what each waits for.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  ./esteira job list RUN --json"})
  static final class ListAll extends ListCommand {
    @Parameters(paramLabel = "RUN", description = "The run's id.")
    private String run = "";

    ListAll(Context context) {
      super(
          context,
          List.of("STAGE", "JOB", "STATE", "ATTEMPT", "NUMBER", "WHY NOT", "CHILD RUN"),
          List.of("/stage", "/name", "/state", "/attempt", "/number", "/waitingFor", "/child"));
    }

    @Override
    JsonNode rows(HouseClient house) {
      return house.get("/api/v1/runs/" + HouseClient.encode(run)).path("jobs");
    }
  }

  @Command(
      name = "why",
      description = "Says why jobs of the file are not in a run: the rule, and what it looked at.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  ./esteira job why RUN"})
  static final class Why implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "RUN", description = "The run's id.")
    private String run = "";

    @Option(names = "--json", description = "Print one JSON array.")
    private boolean json;

    Why(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode jobs = context.house().get("/api/v1/runs/" + HouseClient.encode(run) + "/omitted");
      if (json) {
        context.output().json(jobs);
        return 0;
      }
      for (JsonNode job : jobs) {
        context
            .output()
            .data(
                "%s: %s:%d: %s"
                    .formatted(
                        job.path("job").asText(),
                        job.path("file").asText(),
                        job.path("line").asInt(),
                        job.path("reason").asText()));
        job.path("looked")
            .properties()
            .forEach(
                e -> context.output().data("    $" + e.getKey() + " = " + e.getValue().asText()));
      }
      if (jobs.isEmpty()) {
        context.output().say("Every job of the file is in run " + run + ".");
      }
      return 0;
    }
  }

  @Command(
      name = "play",
      description = "Starts a job that waits for a person or for its time.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  ./esteira job play RUN deploy"})
  static final class Play implements Callable<Integer> {
    private final Context context;
    @CommandLine.Mixin private Which which = new Which();

    @Option(names = "--var", paramLabel = "K=V", description = "A variable for this job.")
    private List<String> variables = List.of();

    Play(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      return act(context, which, "play", variables);
    }
  }

  @Command(
      name = "cancel",
      description = "Ends one job of a run.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  ./esteira job cancel RUN test"})
  static final class Cancel implements Callable<Integer> {
    private final Context context;
    @CommandLine.Mixin private Which which = new Which();

    Cancel(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      return act(context, which, "cancel", List.of());
    }
  }

  @Command(
      name = "retry",
      description = "Runs an ended job once more.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  ./esteira job retry RUN test"})
  static final class Retry implements Callable<Integer> {
    private final Context context;
    @CommandLine.Mixin private Which which = new Which();

    Retry(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      return act(context, which, "retry", List.of());
    }
  }
}
