package dev.esteira.console;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.http.Exchange;
import dev.esteira.pipeline.Schedules;
import java.io.IOException;
import java.util.Map;

/** REST for the environments, the releases and the schedules of projects. */
final class DeployApi {
  private static final int BODY_BYTES_MAX = 1 << 20;

  private final Console.Parts parts;

  DeployApi(Console.Parts parts) {
    this.parts = parts;
  }

  void environments(Exchange exchange) throws IOException {
    exchange.json(
        200, Json.mapper().valueToTree(parts.runs().environments().list(project(exchange))));
  }

  void stopEnvironment(Exchange exchange) throws IOException {
    JsonNode body = Json.parse(exchange.body(BODY_BYTES_MAX));
    String project = known(body.path("project").asText());
    String name = body.path("name").asText();
    exchange.json(200, Json.mapper().valueToTree(parts.runs().environments().stop(project, name)));
  }

  void releases(Exchange exchange) throws IOException {
    exchange.json(200, Json.mapper().valueToTree(parts.runs().releases().list(project(exchange))));
  }

  void schedules(Exchange exchange) throws IOException {
    exchange.json(200, Json.mapper().valueToTree(parts.runs().schedules().list(project(exchange))));
  }

  void createSchedule(Exchange exchange) throws IOException {
    JsonNode body = Json.parse(exchange.body(BODY_BYTES_MAX));
    String project = known(body.path("project").asText());
    String ref =
        body.path("ref").asText("").isEmpty()
            ? parts
                .access()
                .project(project)
                .flatMap(p -> p.defaultBranch())
                .orElseThrow(() -> EsteiraException.invalid("'ref' is missing"))
            : body.path("ref").asText();
    Schedules.Schedule made =
        parts
            .runs()
            .schedules()
            .create(
                project,
                body.path("description").asText(""),
                ref,
                body.path("cron").asText(),
                body.path("timeZone").asText("UTC"),
                RunActions.variables(body));
    exchange.json(200, Json.mapper().valueToTree(made));
  }

  void deleteSchedule(Exchange exchange) throws IOException {
    String id = exchange.query("id").orElseThrow(() -> EsteiraException.invalid("'id' is missing"));
    parts.runs().schedules().delete(project(exchange), id);
    exchange.json(200, Map.of());
  }

  void runSchedule(Exchange exchange) throws IOException {
    JsonNode body = Json.parse(exchange.body(BODY_BYTES_MAX));
    String project = known(body.path("project").asText());
    parts.runs().schedules().runNow(project, body.path("id").asText());
    exchange.json(200, Map.of());
  }

  private String project(Exchange exchange) {
    return known(
        exchange
            .query("project")
            .orElseThrow(() -> EsteiraException.invalid("'project' is missing")));
  }

  private String known(String project) {
    if (parts.access().project(project).isEmpty()) {
      throw EsteiraException.notFound("there is no project '" + project + "'");
    }
    return project;
  }
}
