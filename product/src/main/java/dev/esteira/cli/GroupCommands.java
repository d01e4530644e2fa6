package dev.esteira.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code esteira group …}: Auto Scaling groups, their members and what they did. */
@Command(
    name = "group",
    description = "Shows Auto Scaling groups, and sets how they end members.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  ./esteira group list",
      "  ./esteira group activities web",
      "  ./esteira group set web --terminate replace-first",
    })
final class GroupCommands {
  private GroupCommands() {}

  static void addTo(CommandLine line, Context context) {
    line.addSubcommand(
        new CommandLine(new GroupCommands())
            .addSubcommand(new ListAll(context))
            .addSubcommand(new Show(context))
            .addSubcommand(new ActivitiesOf(context))
            .addSubcommand(new Set(context)));
  }

  private static String query(String name) {
    return "?name=" + HouseClient.encode(name);
  }

  @Command(
      name = "list",
      description = "Lists the groups.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  ./esteira group list --json"})
  static final class ListAll extends ListCommand {
    ListAll(Context context) {
      super(
          context,
          List.of("GROUP", "MIN", "DESIRED", "MAX", "HEALTH", "TERMINATE"),
          List.of("/name", "/min", "/desired", "/max", "/health", "/terminate"));
    }

    @Override
    JsonNode rows(HouseClient house) {
      return house.get("/api/v1/groups");
    }
  }

  @Command(
      name = "show",
      description = "Shows a group and its members.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  ./esteira group show web"})
  static final class Show implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "NAME", description = "The group.")
    private String name = "";

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    Show(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode group = context.house().get("/api/v1/group" + query(name));
      if (json) {
        context.output().json(group);
        return 0;
      }
      context
          .output()
          .say(
              "%s: min %s, desired %s, max %s, health %s, terminate %s"
                  .formatted(
                      group.path("name").asText(),
                      group.path("min").asText(),
                      group.path("desired").asText(),
                      group.path("max").asText(),
                      group.path("health").asText(),
                      group.path("terminate").asText()));
      context
          .output()
          .table(
              List.of("INSTANCE", "STATE", "HEALTH", "ZONE", "SINCE", "LEAVING"),
              group.path("members"),
              List.of("/instance", "/state", "/health", "/zone", "/since", "/leaving"));
      return 0;
    }
  }

  @Command(
      name = "activities",
      description = "Tells what a group did and why, the latest first.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  ./esteira group activities web"})
  static final class ActivitiesOf extends ListCommand {
    @Parameters(paramLabel = "NAME", description = "The group.")
    private String name = "";

    ActivitiesOf(Context context) {
      super(
          context,
          List.of("START", "STATUS", "DESCRIPTION", "CAUSE", "MESSAGE"),
          List.of("/start", "/status", "/description", "/cause", "/message"));
    }

    @Override
    JsonNode rows(HouseClient house) {
      return house.get("/api/v1/group/activities" + query(name));
    }
  }

  @Command(
      name = "set",
      description = {
        "Sets how terminate-instances ends members of a group: at-once, as AWS does, or",
        "replace-first: the replacement is started and checked, traffic and elastic address move",
        "over, and only then the member ends."
      },
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  ./esteira group set web --terminate replace-first"})
  static final class Set implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "NAME", description = "The group.")
    private String name = "";

    @Option(
        names = "--terminate",
        required = true,
        paramLabel = "HOW",
        description = "replace-first or at-once.")
    private String terminate = "";

    Set(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      context.house().post("/api/v1/group" + query(name), Map.of("terminate", terminate));
      context.output().say(name + ": terminate " + terminate);
      return 0;
    }
  }
}
