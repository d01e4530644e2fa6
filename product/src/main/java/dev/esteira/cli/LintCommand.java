package dev.esteira.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "lint",
    description = "Reads the delivery files of a directory and says what is wrong with them.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  ./esteira lint samples/comentarios-app",
      "  ./esteira lint --event tag=v1       which jobs run for a tag, and why others do not"
    })
final class LintCommand implements Callable<Integer> {
  private static final String USUAL_EVENT = "push";

  private final Context context;

  @Parameters(arity = "0..1", defaultValue = ".", description = "The directory (default: here).")
  private Path directory = Path.of(".");

  @Option(
      names = "--event",
      paramLabel = "EVENT",
      description = {
        "List the jobs and why they run or not, for: push, branch=NAME, tag=NAME,",
        "merge_request, schedule, web, api, trigger, pipeline."
      })
  private String event = "";

  @Option(
      names = "--json",
      description = "Print one JSON array of findings; with --event an object with the jobs, too.")
  private boolean json;

  LintCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    LocalHouse.Linted linted =
        context.local().lint(directory, event.isEmpty() ? USUAL_EVENT : event);
    if (json) {
      context.output().json(event.isEmpty() ? linted.findings() : linted);
    } else {
      linted
          .findings()
          .forEach(f ->
              context
                  .output()
                  .data(f.file() + ":" + f.line() + ": " + f.severity() + ": " + f.text()));
      if (!event.isEmpty()) {
        linted.jobs().forEach(this::show);
      }
    }
    return linted.findings().stream().anyMatch(f -> f.severity().equals("error")) ? 1 : 0;
  }

  private void show(LocalHouse.JobAnswer job) {
    String stage = job.stage().isEmpty() ? "" : " (" + job.stage() + ")";
    String state = job.created() ? (job.when().isEmpty() ? "yes" : job.when()) : "not created";
    context
        .output()
        .data(
            "%s%s: %s: %s:%d: %s"
                .formatted(job.job(), stage, state, job.file(), job.line(), job.reason()));
    if (!job.wouldRunFor().isEmpty()) {
      context.output().data("    it would run for: " + String.join(", ", job.wouldRunFor()));
    }
    job.looked().forEach((name, value) -> context.output().data("    $" + name + " = " + value));
  }
}
