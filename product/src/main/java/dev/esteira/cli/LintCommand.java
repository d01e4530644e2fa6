package dev.esteira.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "lint",
    description = "Reads the delivery files of a directory and says what is wrong with them.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  ./esteira lint samples/comentarios-app"})
final class LintCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(arity = "0..1", defaultValue = ".", description = "The directory (default: here).")
  private Path directory = Path.of(".");

  @Option(names = "--json", description = "Print one JSON array.")
  private boolean json;

  LintCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    List<LocalHouse.Finding> findings = context.local().lint(directory);
    if (json) {
      context.output().json(findings);
    } else {
      findings.forEach(f ->
          context.output().data(f.file() + ":" + f.line() + ": " + f.severity() + ": " + f.text()));
    }
    return findings.stream().anyMatch(f -> f.severity().equals("error")) ? 1 : 0;
  }
}
