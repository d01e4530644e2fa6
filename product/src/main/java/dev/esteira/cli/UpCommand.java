package dev.esteira.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "up",
    description = "Starts the house in the background; returns when every door answers.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  ./esteira up --json"})
final class UpCommand implements Callable<Integer> {
  private final Context context;

  @Option(names = "--json", description = "Print where the doors are as one JSON object.")
  private boolean json;

  UpCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Endpoints endpoints = new HouseProcess(context.home(), context.output()).up();
    if (json) {
      context.output().json(endpoints);
    } else {
      context.output().say("Esteira is up: " + endpoints.console());
      context.output().say("Next: eval \"$(./esteira env)\"");
    }
    return 0;
  }
}
