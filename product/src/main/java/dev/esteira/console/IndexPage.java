package dev.esteira.console;

import dev.esteira.access.Access;
import dev.esteira.http.Exchange;
import dev.esteira.pipeline.Runs;
import java.io.IOException;
import java.util.List;

/** The first page: the projects and their latest runs. */
final class IndexPage {
  private static final int RUNS_SHOWN = 10;

  private final Console.Parts parts;

  IndexPage(Console.Parts parts) {
    this.parts = parts;
  }

  void show(Exchange exchange) throws IOException {
    StringBuilder body = new StringBuilder("<h1>Projects</h1>");
    List<Access.Project> projects = parts.access().projects();
    if (projects.isEmpty()) {
      body.append("<p>None yet. Start with <code>./esteira project create NAME</code>.</p>");
    }
    for (Access.Project project : projects) {
      body.append("<h2>").append(Html.escape(project.path())).append("</h2><table>");
      List<Runs.Run> runs = parts.runs().runs(project.path(), RUNS_SHOWN);
      runs.forEach(run -> body.append(row(run)));
      body.append("</table>");
      if (runs.isEmpty()) {
        body.append("<p>No run yet: push to it with git.</p>");
      }
    }
    Html.page(exchange, "Esteira", body.toString());
  }

  private String row(Runs.Run run) {
    String link = "<a href=\"/runs/%s\">run %d</a>".formatted(Html.escape(run.id()), run.number());
    return "<tr><td>"
        + String.join(
            "<td>",
            link,
            Html.state(run.state()),
            Html.subject(parts.repositories(), run),
            Html.revision(run),
            Html.escape(run.source()),
            Html.time(run.createdAt()),
            Html.took(run));
  }
}
