package dev.esteira.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code esteira schedule …}: runs that the clock starts. */
@Command(
    name = "schedule",
    description = "Makes, lists, deletes and runs schedules.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  ./esteira schedule create shop --cron '30 4 * * mon-fri' --ref main --var NIGHTLY=1",
      "  ./esteira schedule list shop",
    })
final class ScheduleCommands {
  private ScheduleCommands() {}

  static void addTo(CommandLine line, Context context) {
    CommandLine schedules = new CommandLine(new ScheduleCommands());
    schedules
        .addSubcommand(new Create(context))
        .addSubcommand(new ListAll(context))
        .addSubcommand(new Delete(context))
        .addSubcommand(new Run(context));
    line.addSubcommand(schedules);
  }

  @Command(
      name = "create",
      description = "Makes a schedule and prints its id.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  ./esteira schedule create shop --cron @daily"})
  static final class Create implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "PROJECT", description = "The project's name.")
    private String project = "";

    @Option(
        names = "--cron",
        required = true,
        paramLabel = "EXPRESSION",
        description = "Minute, hour, day of month, month, day of week.")
    private String cron = "";

    @Option(names = "--ref", paramLabel = "R", description = "Branch or tag (default branch).")
    private String ref = "";

    @Option(names = "--timezone", defaultValue = "UTC", description = "Default UTC.")
    private String timeZone = "";

    @Option(names = "--description", description = "What it is for.")
    private String description = "";

    @Option(names = "--var", paramLabel = "K=V", description = "A variable of its runs.")
    private List<String> variables = List.of();

    @Option(names = "--json", description = "Print the schedule as one JSON object.")
    private boolean json;

    Create(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode made =
          context
              .house()
              .post(
                  "/api/v1/schedules",
                  Map.of(
                      "project",
                      project,
                      "cron",
                      cron,
                      "ref",
                      ref,
                      "timeZone",
                      timeZone,
                      "description",
                      description,
                      "variables",
                      Pairs.of(variables)));
      if (json) {
        context.output().json(made);
      } else {
        context.output().data(made.path("id").asText());
      }
      context.output().say("Next run: " + made.path("nextAt").asText());
      return 0;
    }
  }

  @Command(
      name = "list",
      description = "Lists the schedules of a project.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  ./esteira schedule list shop --json"})
  static final class ListAll extends ListCommand {
    @Parameters(paramLabel = "PROJECT", description = "The project's name.")
    private String project = "";

    ListAll(Context context) {
      super(
          context,
          List.of("ID", "CRON", "ZONE", "REF", "NEXT", "LAST RUN", "LAST FAILURE"),
          List.of("/id", "/cron", "/timeZone", "/ref", "/nextAt", "/lastRun", "/lastFailure"));
    }

    @Override
    JsonNode rows(HouseClient house) {
      return house.get("/api/v1/schedules?project=" + HouseClient.encode(project));
    }
  }

  @Command(
      name = "delete",
      description = "Deletes a schedule.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  ./esteira schedule delete shop 3"})
  static final class Delete implements Callable<Integer> {
    private final Context context;

    @Parameters(index = "0", paramLabel = "PROJECT", description = "The project's name.")
    private String project = "";

    @Parameters(index = "1", paramLabel = "ID", description = "The schedule's id.")
    private String id = "";

    Delete(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      context
          .house()
          .delete(
              "/api/v1/schedules?project="
                  + HouseClient.encode(project)
                  + "&id="
                  + HouseClient.encode(id));
      return 0;
    }
  }

  @Command(
      name = "run",
      description = "Starts a schedule's run now.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  ./esteira schedule run shop 3"})
  static final class Run implements Callable<Integer> {
    private final Context context;

    @Parameters(index = "0", paramLabel = "PROJECT", description = "The project's name.")
    private String project = "";

    @Parameters(index = "1", paramLabel = "ID", description = "The schedule's id.")
    private String id = "";

    Run(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      context.house().post("/api/v1/schedules/run", Map.of("project", project, "id", id));
      context.output().say("Asked for; see: ./esteira runs " + project);
      return 0;
    }
  }
}
