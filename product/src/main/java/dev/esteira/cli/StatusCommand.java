package dev.esteira.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "status",
    description = "Shows where the doors of the house are, and what runs in it.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  ./esteira status --json"})
final class StatusCommand implements Callable<Integer> {
  private final Context context;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  StatusCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    JsonNode status = context.house().get("/api/v1/status");
    if (json) {
      context.output().json(status);
      return 0;
    }
    status
        .path("endpoints")
        .properties()
        .forEach(e -> context.output().data(e.getKey() + ": " + e.getValue().asText()));
    context.output().data("projects: " + status.path("projects").asInt());
    context.output().data("runs going on: " + status.path("runsGoingOn").asInt());
    return 0;
  }
}
