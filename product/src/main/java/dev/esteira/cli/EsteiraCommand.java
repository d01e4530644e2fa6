package dev.esteira.cli;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
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
    CommandLine line = new CommandLine(root);
    line.setUsageHelpWidth(100);
    Context context = new Context(root.home, root.local, root.output);
    line.addSubcommand(new UpCommand(context))
        .addSubcommand(new DownCommand(context))
        .addSubcommand(new ServeCommand(context))
        .addSubcommand(new TrainCommand(context))
        .addSubcommand(new StatusCommand(context))
        .addSubcommand(new DoctorCommand(context))
        .addSubcommand(new EnvCommand(context))
        .addSubcommand(new DemoCommand(context))
        .addSubcommand(new LintCommand(context));
    ProjectCommands.addTo(line, context);
    VariableCommands.addTo(line, context);
    TokenCommands.addTo(line, context);
    RunCommands.addTo(line, context);
    NetCommands.addTo(line, context);
    GroupCommands.addTo(line, context);
    InstanceCommands.addTo(line, context);
    LbCommands.addTo(line, context);
    line.setExecutionExceptionHandler((failure, at, parsed) -> root.failed(failure));
    return line.execute(arguments);
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
