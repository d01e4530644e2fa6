package dev.esteira.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code esteira project …}: a project is a repository with a pipeline, variables and runs. */
@Command(
    name = "project",
    description = "Makes and shows projects.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  ./esteira project create shop",
      "  ./esteira project show shop --json",
    })
final class ProjectCommands {
  private ProjectCommands() {}

  static void addTo(CommandLine line, Context context) {
    CommandLine projects = new CommandLine(new ProjectCommands());
    projects
        .addSubcommand(new Create(context))
        .addSubcommand(new Show(context))
        .addSubcommand(new Url(context))
        .addSubcommand(new ListAll(context));
    line.addSubcommand(projects);
  }

  private static JsonNode show(Context context, String name) {
    return context.house().get("/api/v1/project?path=" + HouseClient.encode(name));
  }

  private static void print(Context context, JsonNode project, boolean json) {
    if (json) {
      context.output().json(project);
      return;
    }
    for (String field : List.of("name", "git", "codecommit", "defaultBranch")) {
      context.output().data(field + ": " + project.path(field).asText("-"));
    }
    JsonNode run = project.path("lastRun");
    context
        .output()
        .data(
            "last run: "
                + (run.isObject()
                    ? run.path("id").asText() + " " + run.path("state").asText()
                    : "none yet"));
  }

  @Command(
      name = "create",
      description = "Makes a project; the same again is fine.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  ./esteira project create team/shop --buildspec ci/build.yml"})
  static final class Create implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "NAME", description = "Its name, perhaps with groups: team/shop.")
    private String name = "";

    @Option(
        names = "--buildspec",
        paramLabel = "PATH",
        description = "Where the buildspec is (default buildspec.yml).")
    private String buildspec = "";

    @Option(names = "--json", description = "Print the project as one JSON object.")
    private boolean json;

    Create(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      Map<String, String> settings = new LinkedHashMap<>();
      if (!buildspec.isEmpty()) {
        settings.put("buildspec", buildspec);
      }
      context.house().post("/api/v1/projects", Map.of("path", name, "settings", settings));
      JsonNode project = show(context, name);
      print(context, project, json);
      context
          .output()
          .say(
              "Next: eval \"$(./esteira env)\"; git push "
                  + project.path("git").asText()
                  + " main");
      return 0;
    }
  }

  @Command(
      name = "show",
      description = "Shows a project: its addresses and its last run.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  ./esteira project show shop --json"})
  static final class Show implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "NAME", description = "The project's name.")
    private String name = "";

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    Show(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      print(context, show(context, name), json);
      return 0;
    }
  }

  @Command(
      name = "url",
      description = "Prints the address to push to.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  git push \"$(./esteira project url shop)\" main"})
  static final class Url implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "NAME", description = "The project's name.")
    private String name = "";

    Url(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      context.output().data(show(context, name).path("git").asText());
      return 0;
    }
  }

  @Command(
      name = "list",
      description = "Lists all projects.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  ./esteira project list"})
  static final class ListAll extends ListCommand {
    ListAll(Context context) {
      super(
          context,
          List.of("NAME", "BRANCH", "LAST RUN", "STATE"),
          List.of("/name", "/defaultBranch", "/lastRun/id", "/lastRun/state"));
    }

    @Override
    JsonNode rows(HouseClient house) {
      return house.get("/api/v1/projects");
    }
  }
}
