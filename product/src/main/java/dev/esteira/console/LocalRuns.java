package dev.esteira.console;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.pipeline.Runs;
import java.util.Map;
import java.util.Optional;

/**
 * One job of a commit that no branch has: a working tree as its author has it. It is planned as if
 * it had been pushed to the branch, and recorded as what it is.
 */
final class LocalRuns {
  private static final String SOURCE = "local";

  private final Console.Parts parts;

  LocalRuns(Console.Parts parts) {
    this.parts = parts;
  }

  /** The body names project, commit, ref, job and the source that the file sees. */
  Runs.Run start(JsonNode body) {
    String project = body.path("project").asText();
    if (parts.access().project(project).isEmpty()) {
      throw EsteiraException.notFound("there is no project '" + project + "'");
    }
    String commit = body.path("commit").asText();
    if (parts.repositories().resolve(project, commit).isEmpty()) {
      throw EsteiraException.notFound("project '" + project + "' has no commit " + commit);
    }
    Map<String, String> variables = RunActions.variables(body);
    Runs.Request seen = request(body, body.path("source").asText("push"), variables);
    Runs.Planned planned = parts.runs().plan(seen, false);
    if (planned.plan().isEmpty()) {
      throw EsteiraException.invalid(planned.failure());
    }
    Runs.Planned one =
        new Runs.Planned(
            Optional.of(OneJob.of(planned.plan().get(), body.path("job").asText())),
            "",
            true,
            planned.everyRef());
    return parts.runs().start(request(body, SOURCE, variables), one);
  }

  private static Runs.Request request(JsonNode body, String source, Map<String, String> variables) {
    return new Runs.Request(
        body.path("project").asText(),
        body.path("commit").asText(),
        body.path("ref").asText(),
        "admin",
        source,
        Optional.empty(),
        variables,
        Map.of());
  }
}
