package dev.esteira.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
    name = "train",
    hidden = true,
    description = "Touches what a start needs; the launcher keeps the classes that it loads.")
final class TrainCommand implements Callable<Integer> {
  private final Context context;

  TrainCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    context.local().train();
    return 0;
  }
}
