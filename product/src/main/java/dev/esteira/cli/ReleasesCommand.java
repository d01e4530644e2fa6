package dev.esteira.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code esteira releases}: what a project has released. */
@Command(
    name = "releases",
    description = "Lists the releases of a project, the latest first.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  ./esteira releases group/shop --json"})
final class ReleasesCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(paramLabel = "PROJECT", description = "The project's name.")
  private String project = "";

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  ReleasesCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    JsonNode all = context.house().get("/api/v1/releases?project=" + HouseClient.encode(project));
    if (json) {
      context.output().json(all);
    } else {
      context
          .output()
          .table(
              List.of("TAG", "NAME", "RELEASED", "COMMIT", "JOB"),
              all,
              List.of("/tag", "/name", "/releasedAt", "/commit", "/madeBy"));
    }
    return 0;
  }
}
