package dev.esteira.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.access.Access;
import dev.esteira.access.DeployTokens;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.http.Exchange;
import dev.esteira.pipeline.Runs;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** REST for projects and variables. */
final class ProjectApi {
  private static final int BODY_BYTES_MAX = 8 << 20;

  private final Console.Parts parts;

  ProjectApi(Console.Parts parts) {
    this.parts = parts;
  }

  void status(Exchange exchange) throws IOException {
    ObjectNode status = Json.object();
    status.set("endpoints", Json.mapper().valueToTree(parts.endpoints().get()));
    List<Access.Project> projects = parts.access().projects();
    status.put("projects", projects.size());
    long goingOn =
        projects.stream()
            .flatMap(p -> parts.runs().runs(p.path(), 20).stream())
            .filter(r -> r.endedAt().isEmpty())
            .count();
    status.put("runsGoingOn", goingOn);
    exchange.json(200, status);
  }

  void list(Exchange exchange) throws IOException {
    ArrayNode all = Json.array();
    parts.access().projects().forEach(p -> all.add(node(p)));
    exchange.json(200, all);
  }

  void create(Exchange exchange) throws IOException {
    JsonNode body = Json.parse(exchange.body(BODY_BYTES_MAX));
    Map<String, String> settings = new LinkedHashMap<>();
    body.path("settings")
        .properties()
        .forEach(e -> settings.put(e.getKey(), e.getValue().asText()));
    Access.Project project = parts.access().createProject(text(body, "path"), settings);
    parts.repositories().create(project.path());
    exchange.json(200, node(project));
  }

  void show(Exchange exchange) throws IOException {
    String path =
        exchange.query("path").orElseThrow(() -> EsteiraException.invalid("'path' is missing"));
    exchange.json(200, node(project(path)));
  }

  void variables(Exchange exchange) throws IOException {
    ArrayNode all = Json.array();
    for (Access.Variable variable : parts.access().variables(scope(exchange))) {
      all.addObject()
          .put("name", variable.name())
          .put("value", variable.secret() ? "********" : variable.value())
          .put("secret", variable.secret())
          .put("file", variable.file())
          .put("protected", variable.protectedOnly())
          .put("environment", variable.environment());
    }
    exchange.json(200, all);
  }

  void setVariables(Exchange exchange) throws IOException {
    JsonNode body = Json.parse(exchange.body(BODY_BYTES_MAX));
    List<Access.Variable> variables = new ArrayList<>();
    for (JsonNode each : body.path("variables")) {
      variables.add(
          new Access.Variable(
              text(each, "name"),
              text(each, "value"),
              each.path("secret").asBoolean(),
              each.path("file").asBoolean(),
              each.path("protected").asBoolean(),
              each.path("environment").asText(Access.Variable.EVERYWHERE)));
    }
    String scope = text(body, "scope");
    checkScope(scope);
    parts.access().setVariables(scope, variables);
    exchange.json(200, Json.object());
  }

  void deleteVariable(Exchange exchange) throws IOException {
    String name =
        exchange.query("name").orElseThrow(() -> EsteiraException.invalid("'name' is missing"));
    parts.access().deleteVariable(scope(exchange), name);
    exchange.json(200, Json.object());
  }

  void tokens(Exchange exchange) throws IOException {
    exchange.json(
        200, Json.mapper().valueToTree(parts.access().deployTokens().list(scope(exchange))));
  }

  void createToken(Exchange exchange) throws IOException {
    JsonNode body = Json.parse(exchange.body(BODY_BYTES_MAX));
    String scope = text(body, "scope");
    checkScope(scope);
    Set<String> rights = new TreeSet<>();
    body.path("rights").forEach(right -> rights.add(right.asText()));
    int days = body.path("days").asInt(0);
    DeployTokens.Made made =
        parts
            .access()
            .deployTokens()
            .create(
                scope,
                text(body, "name"),
                body.path("username").asText(""),
                rights,
                days > 0 ? Optional.of(Duration.ofDays(days)) : Optional.empty());
    ObjectNode answer = Json.mapper().valueToTree(made.token());
    exchange.json(200, answer.put("token", made.secret()));
  }

  void revokeToken(Exchange exchange) throws IOException {
    String id = exchange.query("id").orElseThrow(() -> EsteiraException.invalid("'id' is missing"));
    parts.access().deployTokens().revoke(id);
    exchange.json(200, Json.object());
  }

  private Access.Project project(String path) {
    return parts
        .access()
        .project(path)
        .orElseThrow(() ->
            new EsteiraException(
                dev.esteira.base.ErrorCode.NOT_FOUND,
                "there is no project '" + path + "'",
                "./esteira project create " + path,
                null));
  }

  private String scope(Exchange exchange) {
    String scope =
        exchange.query("scope").orElseThrow(() -> EsteiraException.invalid("'scope' is missing"));
    checkScope(scope);
    return scope;
  }

  private void checkScope(String scope) {
    if (scope.startsWith("project/")) {
      project(scope.substring("project/".length()));
    } else if (!scope.matches("group/[A-Za-z0-9._/-]+")) {
      throw EsteiraException.invalid("'" + scope + "' is neither project/NAME nor group/NAME");
    }
  }

  private ObjectNode node(Access.Project project) {
    ObjectNode node = Json.object();
    node.put("name", project.path());
    node.put("git", parts.gitUrl() + "/" + project.path() + ".git");
    node.put("codecommit", parts.consoleUrl() + "/v1/repos/" + project.path());
    node.put("defaultBranch", project.defaultBranch().orElse(null));
    parts
        .files()
        .sites()
        .find(project.path())
        .ifPresent(
            site -> node.put("site", parts.consoleUrl() + SiteDoor.BASE + project.path() + "/"));
    Optional<Runs.Run> last = parts.runs().latest(project.path());
    if (last.isEmpty()) {
      node.putNull("lastRun");
    } else {
      Runs.Run run = last.get();
      node.putObject("lastRun")
          .put("id", run.id())
          .put("state", run.state())
          .put("commit", run.commit())
          .put("url", parts.consoleUrl() + "/runs/" + run.id());
    }
    return node;
  }

  private static String text(JsonNode node, String field) {
    if (!node.path(field).isTextual()) {
      throw EsteiraException.invalid("'" + field + "' must be a string");
    }
    return node.path(field).asText();
  }
}
