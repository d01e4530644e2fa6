package dev.esteira.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code esteira releases}: what a project has released. */
@Command(
    name = "releases",
    description = "Lists the releases of a project, the latest first.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  ./esteira releases group/shop --json"})
final class ReleasesCommand extends ListCommand {
  @Parameters(paramLabel = "PROJECT", description = "The project's name.")
  private String project = "";

  ReleasesCommand(Context context) {
    super(
        context,
        List.of("TAG", "NAME", "RELEASED", "COMMIT", "JOB"),
        List.of("/tag", "/name", "/releasedAt", "/commit", "/madeBy"));
  }

  @Override
  JsonNode rows(HouseClient house) {
    return house.get("/api/v1/releases?project=" + HouseClient.encode(project));
  }
}
