package dev.esteira.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Programs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code esteira instance …}: the machines of the house. */
@Command(
    name = "instance",
    description = "Shows instances, their consoles, and opens shells in them.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  ./esteira instance list",
      "  ./esteira instance shell web",
      "  ./esteira instance shell web -- systemctl status nginx",
      "  ./esteira instance logs i-0123456789abcdef0",
    })
final class InstanceCommands {
  private InstanceCommands() {}

  static void addTo(CommandLine line, Context context) {
    CommandLine instances = new CommandLine(new InstanceCommands());
    instances
        .addSubcommand(new ListAll(context))
        .addSubcommand(new Shell(context))
        .addSubcommand(new Logs(context));
    line.addSubcommand(instances);
  }

  private static boolean atTerminal() {
    return Optional.ofNullable(System.console()).map(java.io.Console::isTerminal).orElse(false);
  }

  private static String named(String path, String name) {
    return path + "?name=" + HouseClient.encode(name);
  }

  @Command(
      name = "list",
      description = "Lists instances; terminated ones for an hour.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  ./esteira instance list --json"})
  static final class ListAll extends ListCommand {
    ListAll(Context context) {
      super(
          context,
          List.of("ID", "NAME", "STATE", "HEALTHY", "TYPE", "PRIVATE", "PUBLIC", "BY"),
          List.of(
              "/id",
              "/name",
              "/state",
              "/healthy",
              "/type",
              "/privateAddress",
              "/publicAddress",
              "/launchedBy"));
    }

    @Override
    JsonNode rows(HouseClient house) {
      return house.get("/api/v1/instances");
    }
  }

  @Command(
      name = "shell",
      description = "Opens a shell as root in an instance, without a key; or runs a command.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  ./esteira instance shell web -- journalctl -n 20"})
  static final class Shell implements Callable<Integer> {
    private final Context context;

    @Parameters(index = "0", paramLabel = "INSTANCE", description = "Its id, or its tag Name.")
    private String name = "";

    @Parameters(index = "1..*", paramLabel = "COMMAND", description = "Instead of a shell.")
    private List<String> command = List.of();

    Shell(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
      JsonNode instance = context.house().get(named("/api/v1/instance", name));
      if (!instance.path("state").asText().equals("running")) {
        throw EsteiraException.conflict(
            "the instance " + name + " is " + instance.path("state").asText() + ", not running");
      }
      List<String> line = new ArrayList<>();
      line.addAll(
          List.of(
              Programs.require("docker"),
              "--host",
              "unix://" + instance.path("engine").asText(),
              "exec",
              atTerminal() && command.isEmpty() ? "-it" : "-i",
              instance.path("container").asText()));
      if (command.isEmpty()) {
        line.addAll(List.of("bash", "-l"));
      } else {
        line.addAll(List.of("bash", "-lc", "exec \"$@\"", "bash"));
        line.addAll(command);
      }
      ProcessBuilder process = new ProcessBuilder(line).inheritIO();
      process.environment().keySet().removeIf(key -> key.startsWith("DOCKER_"));
      return process.start().waitFor();
    }
  }

  @Command(
      name = "logs",
      description = "Prints the last of an instance's console, its user data's output included.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  ./esteira instance logs web"})
  static final class Logs implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "INSTANCE", description = "Its id, or its tag Name.")
    private String name = "";

    Logs(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      String text =
          context.house().get(named("/api/v1/instance/console", name)).path("text").asText();
      context.output().data(text.stripTrailing());
      return 0;
    }
  }
}
