package dev.esteira.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands about what jobs leave behind. */
final class ArtifactCommands {
  private ArtifactCommands() {}

  static void addTo(CommandLine line, Context context) {
    line.addSubcommand(new ListAll(context));
    CommandLine group = new CommandLine(new Group());
    group.addSubcommand(new Get(context));
    line.addSubcommand(group);
  }

  /** Of a run, or of a job by its id: job ids are a run's with a number. */
  private static String query(String of, String job) {
    boolean isJob = of.matches(".*-[0-9]+");
    String named = job.isEmpty() ? "" : "&job=" + HouseClient.encode(job);
    return (isJob ? "?job=" : "?run=") + HouseClient.encode(of) + (isJob ? "" : named);
  }

  @Command(
      name = "artifacts",
      description = "Lists what the jobs of a run left behind, with tests and coverage.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  ./esteira artifacts RUN --json"})
  static final class ListAll implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "RUN|JOB", description = "A run's id or a job's id.")
    private String of = "";

    @Option(names = "--json", description = "Print one JSON array, job by job.")
    private boolean json;

    ListAll(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode jobs = context.house().get("/api/v1/artifacts" + query(of, ""));
      if (json) {
        context.output().json(jobs);
        return 0;
      }
      ArrayNode rows = Json.array();
      for (JsonNode job : jobs) {
        for (JsonNode artifact : job.path("artifacts")) {
          ObjectNode row = rows.addObject().put("job", job.path("name").asText());
          artifact.properties().forEach(field -> row.set(field.getKey(), field.getValue()));
        }
        said(job);
      }
      context
          .output()
          .table(
              List.of("JOB", "NAME", "KIND", "FILES", "BYTES", "EXPIRES"),
              rows,
              List.of("/job", "/name", "/kind", "/files", "/bytes", "/expiresAt"));
      return 0;
    }

    private void said(JsonNode job) {
      JsonNode tests = job.path("tests");
      if (!tests.isMissingNode()) {
        context
            .output()
            .say(
                "%s: %d tests, %d failed, %d skipped"
                    .formatted(
                        job.path("name").asText(),
                        tests.path("total").asInt(),
                        tests.path("failed").asInt(),
                        tests.path("skipped").asInt()));
      }
      if (job.has("coverage")) {
        context
            .output()
            .say(job.path("name").asText() + ": coverage " + job.path("coverage").asText() + " %");
      }
    }
  }

  @Command(
      name = "artifact",
      description = "Fetches what a job left behind.",
      mixinStandardHelpOptions = true)
  static final class Group implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() {
      spec.commandLine().usage(spec.commandLine().getErr());
      return CommandLine.ExitCode.USAGE;
    }
  }

  @Command(
      name = "get",
      description = "Writes an artifact to a zip file and prints its name.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  ./esteira artifact get RUN --job build -o build.zip"})
  static final class Get implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "RUN|JOB", description = "A run's id or a job's id.")
    private String of = "";

    @Option(names = "--job", paramLabel = "NAME", description = "The job of the run.")
    private String job = "";

    @Option(names = "--name", description = "The artifact's name (the first archive).")
    private String name = "";

    @Option(
        names = {"-o", "--output"},
        paramLabel = "FILE",
        description = "Where to write it (artifacts.zip).")
    private String file = "artifacts.zip";

    Get(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      String named = name.isEmpty() ? "" : "&name=" + HouseClient.encode(name);
      context.house().download("/api/v1/artifacts/zip" + query(of, job) + named, Path.of(file));
      context.output().data(file);
      return 0;
    }
  }
}
