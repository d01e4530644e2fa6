package dev.esteira.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.Json;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code esteira token …}: deploy tokens of projects and groups. */
@Command(
    name = "token",
    description =
        "Makes, lists and revokes deploy tokens: a user name and a password for machines.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  ./esteira token create --group team --name bots --right read_registry",
      "  ./esteira token list --group team",
    })
final class TokenCommands {
  private TokenCommands() {}

  static void addTo(CommandLine line, Context context) {
    line.addSubcommand(
        new CommandLine(new TokenCommands())
            .addSubcommand(new Create(context))
            .addSubcommand(new ListAll(context))
            .addSubcommand(new Revoke(context)));
  }

  @Command(
      name = "create",
      description = "Makes a token; its secret is shown this once.",
      mixinStandardHelpOptions = true,
      footer = {
        "",
        "Example:",
        "  ./esteira token create --group team --name bots --right write_registry --json",
      })
  static final class Create implements Callable<Integer> {
    private final Context context;

    @ArgGroup(multiplicity = "1")
    private VariableCommands.Scope scope = new VariableCommands.Scope();

    @Option(names = "--name", required = true, paramLabel = "NAME", description = "What it is for.")
    private String name = "";

    @Option(
        names = "--username",
        paramLabel = "USER",
        defaultValue = "",
        description = "The user name that goes with it.")
    private String username = "";

    @Option(
        names = "--right",
        paramLabel = "RIGHT",
        required = true,
        split = ",",
        description = "read_registry, write_registry, read_repository or write_repository.")
    private List<String> rights = List.of();

    @Option(
        names = "--days",
        paramLabel = "N",
        defaultValue = "0",
        description = "It ends after so many days; 0 for never.")
    private int days;

    @Option(names = "--json", description = "Print one JSON object.")
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
                  "/api/v1/tokens",
                  Map.of(
                      "scope",
                      scope.text(),
                      "name",
                      name,
                      "username",
                      username,
                      "rights",
                      rights,
                      "days",
                      days));
      if (json) {
        context.output().json(made);
      } else {
        context
            .output()
            .table(
                List.of("USERNAME", "TOKEN"),
                Json.array().add(made),
                List.of("/username", "/token"));
      }
      return 0;
    }
  }

  @Command(
      name = "list",
      description = "Lists the tokens of a project or group, without their secrets.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  ./esteira token list --group team --json"})
  static final class ListAll extends ListCommand {
    @ArgGroup(multiplicity = "1")
    private VariableCommands.Scope scope = new VariableCommands.Scope();

    ListAll(Context context) {
      super(
          context,
          List.of("ID", "NAME", "USERNAME", "RIGHTS", "EXPIRES"),
          List.of("/id", "/name", "/username", "/rights", "/expires"));
    }

    @Override
    JsonNode rows(HouseClient house) {
      return house.get("/api/v1/tokens?scope=" + HouseClient.encode(scope.text()));
    }
  }

  @Command(
      name = "revoke",
      description = "Ends a token at once.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  ./esteira token revoke 3"})
  static final class Revoke implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "ID", description = "The token's id, as the list shows it.")
    private String id = "";

    Revoke(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      context.house().delete("/api/v1/tokens?id=" + HouseClient.encode(id));
      return 0;
    }
  }
}
