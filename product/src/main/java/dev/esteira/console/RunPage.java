package dev.esteira.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.http.Exchange;
import dev.esteira.observe.Logs;
import dev.esteira.pipeline.Plan;
import dev.esteira.pipeline.Runs;
import dev.esteira.runner.JobFiles;
import dev.esteira.runner.Outcome;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The page of one run: its states, and the live log of each job. */
final class RunPage {
  private static final int LINES_AT_ONCE = 1_000;
  private static final long FOLLOW_MILLIS = 10_000;
  private static final long STATE_MILLIS = 1_000;
  private static final int JOBS_WITH_FILES_MAX = 100;

  private final Console.Parts parts;
  private final String script;

  RunPage(Console.Parts parts) {
    this.parts = parts;
    this.script = Html.resource("run.js");
  }

  void run(Exchange exchange) throws IOException {
    Optional<Runs.Run> found = parts.runs().run(exchange.pathParameter("id"));
    if (found.isEmpty()) {
      exchange.text(404, "There is no such run.\n");
      return;
    }
    Runs.Run run = found.get();
    StringBuilder body = new StringBuilder();
    heading(run, body);
    body.append("<p id=\"waiting\">").append(Html.escape(run.waitingFor())).append("</p>");
    run.notices()
        .forEach(n ->
            body.append("<p class=\"notice\">")
                .append(Html.escape(n.file() + ":" + n.line() + ": " + n.text()))
                .append("</p>"));
    body.append("<p id=\"failure\"></p><div id=\"jobs\" aria-live=\"off\"></div>")
        .append(omitted(run))
        .append("<script>const RUN=")
        .append(Json.write(run.id()))
        .append(";\n")
        .append(script)
        .append("</script>");
    Html.page(exchange, run.project() + " #" + run.number(), body.toString());
  }

  /** Which run it is and of what, since when, and what triggered it. */
  private void heading(Runs.Run run, StringBuilder body) {
    body.append("<h1>")
        .append(Html.escape(run.project() + " #" + run.number()))
        .append(' ')
        .append(Html.state(run.state()))
        .append("</h1><p>")
        .append(Html.subject(parts.repositories(), run))
        .append("<br>")
        .append(Html.revision(run))
        .append(", ")
        .append(Html.escape(run.source()))
        .append(", ")
        .append(Html.time(run.createdAt()))
        .append(", <span id=\"took\">")
        .append(Html.took(run))
        .append("</span>");
    run.parent()
        .ifPresent(parent ->
            body.append(" triggered by <a href=\"/runs/")
                .append(Html.escape(parent))
                .append("\">")
                .append("this run</a>"));
    body.append("</p>");
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
          .append(Html.escape(job.job()))
          .append("</b> ")
          .append(Html.escape(job.reason()))
          .append(" <code>")
          .append(Html.escape(job.file() + ":" + job.line()))
          .append("</code>");
      job.looked()
          .forEach((name, value) ->
              list.append("<br><code>$")
                  .append(Html.escape(name + " = " + value))
                  .append("</code>"));
      list.append("</li>");
    }
    return list.append("</ul>").toString();
  }

  /** The states, once the run's own differs from the one seen, or after a moment. */
  void state(Exchange exchange) throws IOException, InterruptedException {
    Optional<Runs.Run> found = parts.runs().run(exchange.pathParameter("id"));
    if (found.isEmpty()) {
      exchange.text(404, "There is no such run.\n");
      return;
    }
    String seen = exchange.query("seen").orElse("");
    exchange.json(200, answer(parts.runs().await(found.get().id(), seen, STATE_MILLIS)));
  }

  /** Lines of a job from an offset, and the states: the page asks again and again. */
  void log(Exchange exchange) throws IOException, InterruptedException {
    String id = exchange.pathParameter("id");
    String stream = exchange.query("stream").orElse("");
    Optional<Runs.Run> found =
        parts
            .runs()
            .run(id)
            .filter(r -> r.jobs().stream().anyMatch(j -> j.logStream().equals(stream)));
    if (found.isEmpty()) {
      exchange.text(404, "There is no such run, or no such log in it.\n");
      return;
    }
    long offset = exchange.query("offset").map(Long::parseLong).orElse(0L);
    boolean over = found.get().endedAt().isPresent() || parts.logs().ended(stream);
    List<Logs.Line> lines =
        over
            ? parts.logs().read(stream, offset, LINES_AT_ONCE)
            : parts.logs().follow(stream, offset, LINES_AT_ONCE, FOLLOW_MILLIS);
    ObjectNode answer = answer(parts.runs().run(id).orElseThrow());
    answer.set("lines", Json.mapper().valueToTree(lines));
    exchange.json(200, answer);
  }

  private ObjectNode answer(Runs.Run run) {
    ObjectNode answer = Json.object();
    answer.set("left", left(run));
    answer.set("run", Json.mapper().valueToTree(run));
    return answer;
  }

  /** By job, what it left behind and what its reports say. */
  private ObjectNode left(Runs.Run run) {
    ObjectNode left = Json.object();
    parts.runs().releases().list(run.project()).stream()
        .filter(r -> r.madeBy().map(job -> job.startsWith(run.id() + "-")).orElse(false))
        .forEach(r ->
            left.withObjectProperty(r.madeBy().orElseThrow())
                .put("release", r.name() + " (" + r.tag() + ")"));
    for (Runs.JobView job : run.jobs().stream().limit(JOBS_WITH_FILES_MAX).toList()) {
      List<String> names = parts.files().list(job.id()).stream().map(JobFiles.Kept::name).toList();
      Optional<Outcome> outcome = parts.files().outcome(job.id());
      if (!names.isEmpty() || outcome.isPresent()) {
        ObjectNode node = left.withObjectProperty(job.id());
        names.forEach(node.withArray("names")::add);
        outcome
            .flatMap(Outcome::tests)
            .ifPresent(tests -> node.set("tests", Json.mapper().valueToTree(tests)));
        outcome.flatMap(Outcome::coverage).ifPresent(c -> node.put("coverage", c));
      }
    }
    return left;
  }
}
