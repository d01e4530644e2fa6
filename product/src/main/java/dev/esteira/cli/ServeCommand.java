package dev.esteira.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
    name = "serve",
    description = "Runs the house in the foreground ('up' starts it in the background).",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example:",
      "  ./esteira serve       in the foreground, as 'up' starts it beside you"
    })
final class ServeCommand implements Callable<Integer> {
  private final Context context;

  ServeCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    return context.local().serve(context.home());
  }
}
