package dev.esteira.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.esteira.access.Access;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.http.Exchange;
import dev.esteira.http.Handler;
import dev.esteira.http.Router;
import dev.esteira.observe.Logs;
import dev.esteira.pipeline.Runs;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The part of GitLab's REST API (version 4) that scripts call: start runs, look at them, play,
 * cancel and retry. The administrator's token may do everything; a job's own token starts runs
 * anywhere and reads its project.
 */
final class GitlabApi {
  private static final String BASE = "/api/v4/projects/{id}";
  private static final int LIST_MAX = 100;
  private static final int LOG_LINES_AT_ONCE = 10_000;

  private final Console.Parts parts;
  private final RunActions actions;
  private final Function<String, String> projectNumber;
  private final GitlabShapes shapes;
  private final Router router = new Router();

  /** What one request is about. */
  private record Asked(Access.Principal by, Access.Project project, FormFields form) {
    Map<String, String> fields() {
      return form.fields();
    }

    JsonNode body() {
      return form.tree();
    }
  }

  @FunctionalInterface
  private interface Answer {
    Object to(Asked asked, Exchange exchange) throws IOException;
  }

  GitlabApi(Console.Parts parts, RunActions actions, Function<String, String> projectNumber) {
    this.parts = parts;
    this.actions = actions;
    this.projectNumber = projectNumber;
    this.shapes = new GitlabShapes(parts.consoleUrl(), projectNumber);
    add("GET", BASE, 200, (asked, _) -> shapes.project(asked.project(), parts.gitUrl()));
    add("POST", BASE + "/trigger/pipeline", 201, (asked, _) -> trigger(asked));
    add("POST", BASE + "/pipeline", 201, (asked, _) -> start(asked, "api"));
    add("GET", BASE + "/pipelines", 200, (asked, _) -> runs(asked));
    add("GET", BASE + "/pipelines/{run}", 200, (asked, e) -> shapes.run(run(asked, e)));
    add("GET", BASE + "/pipelines/{run}/jobs", 200, (asked, e) -> jobs(run(asked, e)));
    add("POST", BASE + "/pipelines/{run}/{action}", 201, this::actOnRun);
    add("GET", BASE + "/jobs/{job}", 200, (asked, e) -> withJob(asked, e, shapes::job));
    add("GET", BASE + "/jobs/{job}/trace", 200, (asked, e) -> withJob(asked, e, this::trace));
    add("POST", BASE + "/jobs/{job}/{action}", 201, this::actOnJob);
    GitlabReleases releases = new GitlabReleases(parts.runs().releases());
    add("GET", BASE + "/releases", 200, (asked, _) -> releases.list(asked.project()));
    add(
        "POST",
        BASE + "/releases",
        201,
        (asked, _) -> releases.create(asked.project(), asked.by(), asked.body()));
    add(
        "GET",
        BASE + "/releases/{tag}",
        200,
        (asked, e) -> releases.show(asked.project(), e.pathParameter("tag")));
    add(
        "GET",
        BASE + "/environments",
        200,
        (asked, _) ->
            shapes.environments(parts.runs().environments().list(asked.project().path())));
  }

  Handler handler() {
    return router;
  }

  private void add(String method, String pattern, int status, Answer answer) {
    router.add(
        method,
        pattern,
        exchange -> {
          try {
            Object body = answer.to(asked(exchange), exchange);
            if (body instanceof String text) {
              exchange.text(status, text);
            } else {
              exchange.json(status, body);
            }
          } catch (EsteiraException e) {
            // GitLab says 400 where a limit or a rule of its own refuses.
            int code = e.code().httpStatus() == 413 ? 400 : e.code().httpStatus();
            exchange.json(code, Map.of("message", e.text()));
          }
        });
  }

  private Asked asked(Exchange exchange) {
    FormFields fields = FormFields.of(exchange);
    Access.Principal by =
        token(exchange, fields.fields())
            .flatMap(parts.access()::byToken)
            .filter(p -> p.isAdmin() || p.name().startsWith("job/"))
            .orElseThrow(() ->
                new EsteiraException(
                    dev.esteira.base.ErrorCode.UNAUTHENTICATED, "401 Unauthorized", null));
    String id = exchange.pathParameter("id");
    Access.Project project =
        parts.access().projects().stream()
            .filter(p -> p.path().equals(id) || projectNumber.apply(p.path()).equals(id))
            .filter(p ->
                by.isAdmin()
                    || exchange.path().endsWith("/trigger/pipeline")
                    || (by.project().equals(Optional.of(p.path())) && forJobs(exchange)))
            .findFirst()
            .orElseThrow(() -> EsteiraException.notFound("404 Project Not Found"));
    return new Asked(by, project, fields);
  }

  /** What a job's own token may do in its project. */
  private static boolean forJobs(Exchange exchange) {
    return exchange.method().equals("GET") || exchange.path().endsWith("/releases");
  }

  private static Optional<String> token(Exchange exchange, Map<String, String> fields) {
    return exchange
        .header("PRIVATE-TOKEN")
        .or(() -> exchange.header("JOB-TOKEN"))
        .or(() ->
            exchange
                .header("Authorization")
                .filter(h -> h.startsWith("Bearer "))
                .map(h -> h.substring("Bearer ".length()).strip()))
        .or(() -> Optional.ofNullable(fields.get("token")))
        .or(() -> Optional.ofNullable(fields.get("job_token")))
        .or(() -> Optional.ofNullable(fields.get("private_token")));
  }

  private Object trigger(Asked asked) {
    return start(asked, asked.by().isAdmin() ? "trigger" : "pipeline");
  }

  private Object start(Asked asked, String source) {
    String ref = asked.fields().getOrDefault("ref", "");
    if (ref.isEmpty()) {
      throw EsteiraException.invalid("ref is missing");
    }
    Map<String, String> variables = new HashMap<>();
    asked
        .fields()
        .forEach((name, value) -> {
          if (name.startsWith("variables[") && name.endsWith("]")) {
            variables.put(name.substring("variables[".length(), name.length() - 1), value);
          }
        });
    Runs.Request request = actions.request(asked.project().path(), ref, source, variables);
    return shapes.run(parts.runs().start(request));
  }

  private ArrayNode runs(Asked asked) {
    ArrayNode all = Json.array();
    Optional<String> ref = Optional.ofNullable(asked.fields().get("ref"));
    Optional<String> status = Optional.ofNullable(asked.fields().get("status"));
    parts.runs().runs(asked.project().path(), LIST_MAX).stream()
        .map(shapes::run)
        .filter(run -> ref.map(r -> r.equals(run.path("ref").asText())).orElse(true))
        .filter(run -> status.map(s -> s.equals(run.path("status").asText())).orElse(true))
        .forEach(all::add);
    return all;
  }

  private ArrayNode jobs(Runs.Run run) {
    ArrayNode all = Json.array();
    run.jobs().forEach(job -> all.add(shapes.job(run, job)));
    return all;
  }

  private Runs.Run run(Asked asked, Exchange exchange) {
    return parts
        .runs()
        .bySerial(number(exchange.pathParameter("run")))
        .filter(run -> run.project().equals(asked.project().path()))
        .orElseThrow(() -> EsteiraException.notFound("404 Pipeline Not Found"));
  }

  private Object actOnRun(Asked asked, Exchange exchange) {
    Runs.Run run = run(asked, exchange);
    switch (exchange.pathParameter("action")) {
      case "cancel" -> parts.runs().cancel(run.id());
      case "retry" -> parts.runs().retry(run.id());
      default -> throw EsteiraException.notFound("404 Not Found");
    }
    return shapes.run(run(asked, exchange));
  }

  @FunctionalInterface
  private interface OnJob {
    Object of(Runs.Run run, Runs.JobView job);
  }

  private Object withJob(Asked asked, Exchange exchange, OnJob then) {
    long number = number(exchange.pathParameter("job"));
    Runs.Run run =
        parts
            .runs()
            .byJobNumber(number)
            .filter(r -> r.project().equals(asked.project().path()))
            .orElseThrow(() -> EsteiraException.notFound("404 Job Not Found"));
    return run.jobs().stream()
        .filter(j -> j.number() == number)
        .findFirst()
        .map(job -> then.of(run, job))
        .orElseThrow(() -> EsteiraException.notFound("404 Job Not Found"));
  }

  private Object trace(Runs.Run run, Runs.JobView job) {
    StringBuilder text = new StringBuilder();
    parts.logs().read(job.logStream(), 0, LOG_LINES_AT_ONCE).stream()
        .map(Logs.Line::text)
        .forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  private Object actOnJob(Asked asked, Exchange exchange) {
    String action = exchange.pathParameter("action");
    return withJob(
        asked,
        exchange,
        (run, job) -> {
          switch (action) {
            case "play" -> parts.runs().playJob(run.id(), job.id(), Map.of());
            case "cancel" -> parts.runs().cancelJob(run.id(), job.id());
            case "retry" -> parts.runs().retryJob(run.id(), job.id());
            default -> throw EsteiraException.notFound("404 Not Found");
          }
          return shapes.job(run, job);
        });
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw EsteiraException.notFound("404 Not Found");
    }
  }
}
