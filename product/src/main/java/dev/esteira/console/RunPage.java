package dev.esteira.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.access.Access;
import dev.esteira.base.Json;
import dev.esteira.http.Exchange;
import dev.esteira.observe.Logs;
import dev.esteira.pipeline.Plan;
import dev.esteira.pipeline.Runs;
import dev.esteira.runner.JobFiles;
import dev.esteira.runner.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Plain pages: the projects, and one run with its states and its live log. */
final class RunPage {
  private static final int LINES_AT_ONCE = 1_000;
  private static final long FOLLOW_MILLIS = 10_000;
  private static final int RUNS_SHOWN = 10;
  private static final int JOBS_WITH_FILES_MAX = 100;

  private final Console.Parts parts;
  private final String frame;
  private final String script;

  RunPage(Console.Parts parts) {
    this.parts = parts;
    this.frame = resource("frame.html");
    this.script = resource("run.js");
  }

  void index(Exchange exchange) throws IOException {
    StringBuilder body = new StringBuilder("<h1>Projects</h1>");
    List<Access.Project> projects = parts.access().projects();
    if (projects.isEmpty()) {
      body.append("<p>None yet. Start with <code>./esteira project create NAME</code>.</p>");
    }
    for (Access.Project project : projects) {
      body.append("<h2>").append(escape(project.path())).append("</h2><ul>");
      for (Runs.Run run : parts.runs().runs(project.path(), RUNS_SHOWN)) {
        body.append("<li><a href=\"/runs/")
            .append(escape(run.id()))
            .append("\">run ")
            .append(run.number())
            .append("</a> <b class=\"")
            .append(escape(run.state()))
            .append("\">")
            .append(escape(run.state()))
            .append("</b> ")
            .append(escape(shortId(run.commit())))
            .append("</li>");
      }
      body.append("</ul>");
    }
    page(exchange, "Esteira", body.toString());
  }

  void run(Exchange exchange) throws IOException {
    Optional<Runs.Run> found = parts.runs().run(exchange.pathParameter("id"));
    if (found.isEmpty()) {
      exchange.text(404, "There is no such run.\n");
      return;
    }
    Runs.Run run = found.get();
    StringBuilder body = new StringBuilder();
    body.append("<h1>")
        .append(escape(run.project()))
        .append(" #")
        .append(run.number())
        .append(" <b id=\"state\" class=\"")
        .append(escape(run.state()))
        .append("\">")
        .append(escape(run.state()))
        .append("</b></h1><p>commit <code>")
        .append(escape(shortId(run.commit())))
        .append("</code> of <code>")
        .append(escape(run.ref()))
        .append("</code>");
    run.parent()
        .ifPresent(parent ->
            body.append(" triggered by <a href=\"/runs/")
                .append(escape(parent))
                .append("\">")
                .append("this run</a>"));
    body.append("</p><p id=\"waiting\">").append(escape(run.waitingFor())).append("</p>");
    run.notices()
        .forEach(n ->
            body.append("<p class=\"notice\">")
                .append(escape(n.file() + ":" + n.line() + ": " + n.text()))
                .append("</p>"));
    body.append("<ul id=\"jobs\"></ul><p id=\"failure\"></p>")
        .append("<pre id=\"log\" aria-live=\"off\"></pre>")
        .append(omitted(run))
        .append("<script>const RUN=")
        .append(Json.write(run.id()))
        .append(";\n")
        .append(script)
        .append("</script>");
    page(exchange, run.project() + " #" + run.number(), body.toString());
  }

  /** The jobs that a person may miss, and why they are not here. */
  private String omitted(Runs.Run run) {
    List<Plan.Omitted> omitted = parts.runs().omitted(run.id());
    if (omitted.isEmpty()) {
      return "";
    }
    StringBuilder list = new StringBuilder("<h2>Not in this run</h2><ul id=\"omitted\">");
    for (Plan.Omitted job : omitted) {
      list.append("<li><b>")
          .append(escape(job.job()))
          .append("</b> ")
          .append(escape(job.reason()))
          .append(" <code>")
          .append(escape(job.file() + ":" + job.line()))
          .append("</code>");
      job.looked()
          .forEach((name, value) ->
              list.append("<br><code>$").append(escape(name + " = " + value)).append("</code>"));
      list.append("</li>");
    }
    return list.append("</ul>").toString();
  }

  /** Lines of a job from an offset, and the run's states: the page asks again and again. */
  void log(Exchange exchange) throws IOException, InterruptedException {
    Optional<Runs.Run> found = parts.runs().run(exchange.pathParameter("id"));
    if (found.isEmpty()) {
      exchange.text(404, "There is no such run.\n");
      return;
    }
    String stream = exchange.query("stream").orElse("");
    long offset = exchange.query("offset").map(Long::parseLong).orElse(0L);
    boolean ours = found.get().jobs().stream().anyMatch(j -> j.logStream().equals(stream));
    List<Logs.Line> lines = List.of();
    if (ours) {
      boolean over = found.get().endedAt().isPresent() || parts.logs().ended(stream);
      lines =
          over
              ? parts.logs().read(stream, offset, LINES_AT_ONCE)
              : parts.logs().follow(stream, offset, LINES_AT_ONCE, FOLLOW_MILLIS);
    } else if (found.get().endedAt().isEmpty()) {
      parts.runs().await(found.get().id(), found.get().state(), FOLLOW_MILLIS / 10);
    }
    var answer = Json.object();
    answer.set("lines", Json.mapper().valueToTree(lines));
    answer.set("left", left(found.get()));
    answer.set("run", Json.mapper().valueToTree(parts.runs().run(found.get().id()).orElseThrow()));
    exchange.json(200, answer);
  }

  /** By job, what it left behind and what its reports say. */
  private ObjectNode left(Runs.Run run) {
    ObjectNode left = Json.object();
    for (Runs.JobView job : run.jobs().stream().limit(JOBS_WITH_FILES_MAX).toList()) {
      List<String> names = parts.files().list(job.id()).stream().map(JobFiles.Kept::name).toList();
      Optional<Outcome> outcome = parts.files().outcome(job.id());
      if (!names.isEmpty() || outcome.isPresent()) {
        ObjectNode node = left.putObject(job.id());
        names.forEach(node.withArray("names")::add);
        outcome
            .flatMap(Outcome::tests)
            .ifPresent(tests -> node.set("tests", Json.mapper().valueToTree(tests)));
        outcome.flatMap(Outcome::coverage).ifPresent(c -> node.put("coverage", c));
      }
    }
    return left;
  }

  private void page(Exchange exchange, String title, String body) throws IOException {
    String html = frame.replace("{{title}}", escape(title)).replace("{{body}}", body);
    exchange
        .set(
            "Content-Security-Policy", "default-src 'self' 'unsafe-inline'; frame-ancestors 'none'")
        .set("Referrer-Policy", "no-referrer");
    exchange.send(200, "text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8));
  }

  private static String shortId(String commit) {
    return commit.length() > 8 ? commit.substring(0, 8) : commit;
  }

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  private static String resource(String name) {
    try (InputStream in = RunPage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + name + " is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("could not read the resource " + name, e);
    }
  }
}
