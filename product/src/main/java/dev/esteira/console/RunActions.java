package dev.esteira.console;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.access.Access;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.git.Repositories;
import dev.esteira.http.Exchange;
import dev.esteira.pipeline.Runs;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** REST for what a person does with runs and their jobs: start, play, cancel, try again. */
final class RunActions {
  private static final int BODY_BYTES_MAX = 1 << 20;

  private final Console.Parts parts;
  private final RunApi runs;

  RunActions(Console.Parts parts, RunApi runs) {
    this.parts = parts;
    this.runs = runs;
  }

  void start(Exchange exchange) throws IOException {
    JsonNode body = Json.parse(exchange.body(BODY_BYTES_MAX));
    if (body.hasNonNull("job")) {
      exchange.json(200, runs.node(new LocalRuns(parts).start(body)));
      return;
    }
    String project = body.path("project").asText();
    Runs.Request request =
        request(
            project,
            body.path("ref").asText(""),
            body.path("source").asText("web"),
            variables(body));
    exchange.json(200, runs.node(parts.runs().start(request)));
  }

  /** What a start of a branch or tag by hand asks for; without a ref, of the default branch. */
  Runs.Request request(String project, String ref, String source, Map<String, String> variables) {
    Access.Project known =
        parts
            .access()
            .project(project)
            .orElseThrow(() -> EsteiraException.notFound("there is no project '" + project + "'"));
    String wanted =
        ref.isEmpty()
            ? known
                .defaultBranch()
                .orElseThrow(() ->
                    EsteiraException.notFound("nothing has been pushed to '" + project + "' yet"))
            : ref;
    Repositories repositories = parts.repositories();
    List<String> names =
        wanted.startsWith("refs/")
            ? List.of(wanted)
            : List.of("refs/heads/" + wanted, "refs/tags/" + wanted);
    for (String name : names) {
      Optional<String> commit = repositories.resolve(project, name);
      if (commit.isPresent()) {
        return new Runs.Request(
            project, commit.get(), name, "admin", source, Optional.empty(), variables, Map.of());
      }
    }
    throw EsteiraException.notFound(
        "there is no branch or tag '" + wanted + "' in project '" + project + "'");
  }

  void cancel(Exchange exchange) throws IOException {
    Runs.Run run = runs.run(exchange.pathParameter("id"));
    parts.runs().cancel(run.id());
    exchange.json(200, Json.object());
  }

  void retry(Exchange exchange) throws IOException {
    Runs.Run run = runs.run(exchange.pathParameter("id"));
    parts.runs().retry(run.id());
    answer(exchange, run.id());
  }

  /** The body names the job, what to do with it, and variables for it. */
  void job(Exchange exchange) throws IOException {
    Runs.Run run = runs.run(exchange.pathParameter("id"));
    JsonNode body = Json.parse(exchange.body(BODY_BYTES_MAX));
    String job = body.path("job").asText();
    switch (body.path("action").asText()) {
      case "play" -> parts.runs().playJob(run.id(), job, variables(body));
      case "cancel" -> parts.runs().cancelJob(run.id(), job);
      case "retry" -> parts.runs().retryJob(run.id(), job);
      default ->
          throw EsteiraException.invalid(
              "'" + body.path("action").asText() + "' is none of play, cancel and retry");
    }
    answer(exchange, run.id());
  }

  private void answer(Exchange exchange, String runId) throws IOException {
    exchange.json(200, runs.node(runs.run(runId)));
  }

  static Map<String, String> variables(JsonNode body) {
    Map<String, String> variables = new HashMap<>();
    body.path("variables")
        .properties()
        .forEach(e -> variables.put(e.getKey(), e.getValue().asText()));
    return variables;
  }
}
