package dev.esteira.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
    name = "down",
    description = {
      "Stops the house and everything that runs in it.",
      "Data is kept, and the next 'up' brings the workloads back."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  ./esteira down"})
final class DownCommand implements Callable<Integer> {
  private final Context context;

  DownCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    new HouseProcess(context.home(), context.output()).down(context.local());
    return 0;
  }
}
