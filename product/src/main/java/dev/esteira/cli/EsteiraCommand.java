package dev.esteira.cli;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import java.util.List;
import java.util.function.BiConsumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * The root of all commands. Exit codes: 0 ok, 1 failed, 2 usage, 3 not found, 4 conflict, 5 house
 * down, 6 prerequisite missing.
 */
@Command(
    name = "esteira",
    description = {
      "A whole delivery line in one process: git push goes in, a running,",
      "load-balanced application comes out."
    },
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    version = "esteira 0.1.0",
    footer = {
      "",
      "Start here:",
      "  ./esteira demo                a sample application, from push to live",
      "  eval \"$(./esteira env)\"       git, docker, kubectl and aws speak to this house",
      "  ./esteira project create shop a project; then: git push $(./esteira project url shop)",
      "  ./esteira logs -f shop        the log of its latest run, live",
      "",
      "Data goes to standard output, progress to standard error; --json where data is printed.",
      "Exit codes: 0 ok, 1 failed, 2 usage, 3 not found, 4 conflict, 5 house down, 6 prerequisite.",
    })
public final class EsteiraCommand implements Runnable {
  /** In the order of the help. */
  private static final List<BiConsumer<CommandLine, Context>> COMMANDS =
      List.of(
          (line, context) -> line.addSubcommand(new UpCommand(context)),
          (line, context) -> line.addSubcommand(new DownCommand(context)),
          (line, context) -> line.addSubcommand(new ServeCommand(context)),
          (line, context) -> line.addSubcommand(new StatusCommand(context)),
          (line, context) -> line.addSubcommand(new DoctorCommand(context)),
          (line, context) -> line.addSubcommand(new EnvCommand(context)),
          (line, context) -> line.addSubcommand(new DemoCommand(context)),
          (line, context) -> line.addSubcommand(new LintCommand(context)),
          ProjectCommands::addTo,
          VariableCommands::addTo,
          TokenCommands::addTo,
          RunCommands::addTo,
          NetCommands::addTo,
          GroupCommands::addTo,
          InstanceCommands::addTo,
          LbCommands::addTo);

  private final Output output = new Output(System.out, System.err);
  private final Home home;
  private final LocalHouse local;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the specification before anything runs
  public EsteiraCommand(Home home, LocalHouse local) {
    this.home = home;
    this.local = local;
  }

  /** Runs a command line and returns its exit code. */
  public static int run(Home home, LocalHouse local, String... arguments) {
    EsteiraCommand root = new EsteiraCommand(home, local);
    CommandLine line = root.line(arguments.length == 0 ? "" : arguments[0]);
    line.setExecutionExceptionHandler((failure, at, parsed) -> root.failed(failure));
    return line.execute(arguments);
  }

  /** The commands up to this one; all of them for a name that none has. */
  CommandLine line(String wanted) {
    CommandLine line = new CommandLine(this);
    line.setUsageHelpWidth(100);
    Context context = new Context(home, local, output);
    for (BiConsumer<CommandLine, Context> some : COMMANDS) {
      some.accept(line, context);
      if (line.getSubcommands().containsKey(wanted)) {
        // Describing the others would take longer than most commands do.
        break;
      }
    }
    return line;
  }

  @Override
  public void run() {
    spec.commandLine().usage(System.err);
    throw new CommandLine.ParameterException(spec.commandLine(), "a command is needed");
  }

  private int failed(Exception failure) {
    if (failure instanceof EsteiraException known) {
      output.say("esteira: " + known.text());
      if (!known.next().isEmpty()) {
        output.say("Next: " + known.next());
      }
      return known.code().exitCode();
    }
    output.say("esteira: " + failure);
    java.util.logging.Logger.getLogger("esteira")
        .log(java.util.logging.Level.SEVERE, "unexpected failure", failure);
    return ErrorCode.INTERNAL.exitCode();
  }
}
