package dev.esteira.cli;

import dev.esteira.base.ErrorCode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "doctor",
    description = "Checks what this machine has of what a house needs.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  ./esteira doctor --json"})
final class DoctorCommand implements Callable<Integer> {
  private final Context context;

  @Option(names = "--json", description = "Print one JSON array.")
  private boolean json;

  DoctorCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    List<LocalHouse.Check> checks = context.local().doctor(context.home());
    if (json) {
      context.output().json(checks);
    } else {
      for (LocalHouse.Check check : checks) {
        context
            .output()
            .data((check.ok() ? "ok       " : "missing  ") + check.name() + ": " + check.found());
        if (!check.ok()) {
          context.output().data("         next: " + check.next());
        }
      }
    }
    return checks.stream().allMatch(LocalHouse.Check::ok) ? 0 : ErrorCode.PREREQUISITE.exitCode();
  }
}
