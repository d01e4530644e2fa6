package dev.esteira.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.EsteiraException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code esteira var …}: variables of projects and groups. */
@Command(
    name = "var",
    description = "Sets and shows the variables that jobs get.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  ./esteira var set --project shop AWS_EKS_CLUSTER=esteira",
      "  ./esteira var set --group team --secret DEPLOY_TOKEN=abc",
    })
final class VariableCommands {
  private VariableCommands() {}

  static void addTo(CommandLine line, Context context) {
    CommandLine variables = new CommandLine(new VariableCommands());
    variables
        .addSubcommand(new SetAll(context))
        .addSubcommand(new Unset(context))
        .addSubcommand(new ListAll(context));
    line.addSubcommand(variables);
  }

  /** Whose variables. */
  static final class Scope {
    @Option(names = "--project", paramLabel = "NAME", description = "A project's variables.")
    private String project = "";

    @Option(names = "--group", paramLabel = "NAME", description = "A group's variables.")
    private String group = "";

    String text() {
      return project.isEmpty() ? "group/" + group : "project/" + project;
    }
  }

  @Command(
      name = "set",
      description = "Sets variables from the next run on; each is split at its first '='.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  ./esteira var set --project shop REGION=sa-east-1 MODE=a=b"})
  static final class SetAll implements Callable<Integer> {
    private final Context context;

    @ArgGroup(multiplicity = "1")
    private Scope scope = new Scope();

    @Option(names = "--secret", description = "Never show the values in logs.")
    private boolean secret;

    @Option(names = "--file", description = "Jobs get the path of a file with the value.")
    private boolean file;

    @Option(names = "--protected", description = "Only for jobs of protected branches and tags.")
    private boolean protectedOnly;

    @Option(
        names = "--environment",
        paramLabel = "NAME",
        defaultValue = "*",
        description = "Only for jobs of this environment; may hold '*'.")
    private String environment = "*";

    @Parameters(paramLabel = "K=V", arity = "1..*", description = "Names and values.")
    private List<String> pairs = List.of();

    SetAll(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      List<Map<String, Object>> variables = new ArrayList<>();
      for (String pair : pairs) {
        int equals = pair.indexOf('=');
        if (equals < 1) {
          throw EsteiraException.invalid("'" + pair + "' has no name: expected NAME=VALUE");
        }
        variables.add(
            Map.of(
                "name",
                pair.substring(0, equals),
                "value",
                pair.substring(equals + 1),
                "secret",
                secret,
                "file",
                file,
                "protected",
                protectedOnly,
                "environment",
                environment));
      }
      context
          .house()
          .post("/api/v1/variables", Map.of("scope", scope.text(), "variables", variables));
      context.output().say("Set " + variables.size() + " variables of " + scope.text());
      return 0;
    }
  }

  @Command(
      name = "unset",
      description = "Removes a variable.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  ./esteira var unset --project shop MODE"})
  static final class Unset implements Callable<Integer> {
    private final Context context;

    @ArgGroup(multiplicity = "1")
    private Scope scope = new Scope();

    @Parameters(paramLabel = "NAME", description = "The variable's name.")
    private String name = "";

    Unset(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      context
          .house()
          .delete(
              "/api/v1/variables?scope="
                  + HouseClient.encode(scope.text())
                  + "&name="
                  + HouseClient.encode(name));
      return 0;
    }
  }

  @Command(
      name = "list",
      description = "Lists variables; the values of secret ones are not shown.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  ./esteira var list --project shop --json"})
  static final class ListAll extends ListCommand {
    @ArgGroup(multiplicity = "1")
    private Scope scope = new Scope();

    ListAll(Context context) {
      super(
          context,
          List.of("NAME", "VALUE", "SECRET", "FILE", "PROTECTED", "ENVIRONMENT"),
          List.of("/name", "/value", "/secret", "/file", "/protected", "/environment"));
    }

    @Override
    JsonNode rows(HouseClient house) {
      return house.get("/api/v1/variables?scope=" + HouseClient.encode(scope.text()));
    }
  }
}
