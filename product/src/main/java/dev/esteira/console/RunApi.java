package dev.esteira.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.access.Access;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.http.Exchange;
import dev.esteira.observe.Logs;
import dev.esteira.pipeline.Plan;
import dev.esteira.pipeline.Runs;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** REST for runs and their logs. */
final class RunApi {
  private static final int LINES_AT_ONCE = 500;
  private static final long FOLLOW_MILLIS = 250;
  private static final int RUNS_MAX = 1_000;
  private static final Set<String> NOT_BEGUN = Set.of("waiting", "manual", "delayed");

  private final Console.Parts parts;

  RunApi(Console.Parts parts) {
    this.parts = parts;
  }

  /** The runs of one project, or of all; latest first. */
  void list(Exchange exchange) throws IOException {
    int limit = Math.clamp(exchange.query("limit").map(RunApi::number).orElse(20), 1, RUNS_MAX);
    ArrayNode all = Json.array();
    projects(exchange).stream()
        .flatMap(project -> parts.runs().runs(project, limit).stream())
        .sorted(Comparator.comparing(Runs.Run::createdAt).reversed())
        .limit(limit)
        .forEach(run -> all.add(node(run)));
    exchange.json(200, all);
  }

  private List<String> projects(Exchange exchange) {
    Optional<String> one = exchange.query("project");
    if (one.isEmpty()) {
      return parts.access().projects().stream().map(Access.Project::path).toList();
    }
    if (parts.access().project(one.get()).isEmpty()) {
      throw EsteiraException.notFound("there is no project '" + one.get() + "'");
    }
    return List.of(one.get());
  }

  void show(Exchange exchange) throws IOException {
    exchange.json(200, node(run(exchange.pathParameter("id"))));
  }

  /** The jobs of the file that are not in the run, and why. */
  void omitted(Exchange exchange) throws IOException {
    Runs.Run run = run(exchange.pathParameter("id"));
    exchange.json(200, Json.mapper().valueToTree(parts.runs().omitted(run.id())));
  }

  /** Log lines of all jobs in order, then one line with the run's state. */
  void logs(Exchange exchange) throws IOException, InterruptedException {
    String name =
        exchange.query("run").orElseThrow(() -> EsteiraException.invalid("'run' is missing"));
    boolean follow = exchange.query("follow").map(Boolean::parseBoolean).orElse(false);
    Runs.Run run = run(name);
    JsonLines lines = new JsonLines(exchange);
    run.notices()
        .forEach(n ->
            lines.send(
                Json.object()
                    .put("at", run.createdAt().toString())
                    .put("text", "notice: " + place(n) + n.text())));
    Runs.Run last = copy(run, follow, lines);
    ObjectNode end = Json.object().put("run", last.id()).put("state", last.state());
    last.failure().ifPresent(f -> end.put("failure", f));
    end.put("waitingFor", last.waitingFor());
    lines.send(end);
    lines.close();
  }

  private Runs.Run copy(Runs.Run run, boolean follow, JsonLines lines) throws InterruptedException {
    Set<String> done = new HashSet<>();
    Runs.Run now = run;
    while (true) {
      for (Runs.JobView job : now.jobs()) {
        if (!job.logStream().isEmpty()
            && !NOT_BEGUN.contains(job.state())
            && done.add(job.logStream())) {
          copyStream(job, follow, now.id(), lines);
        }
      }
      now = run(now.id());
      boolean all = now.jobs().stream().allMatch(j -> settled(j, done));
      boolean over = now.endedAt().isPresent() || now.state().equals("blocked");
      if (!follow || (over && all)) {
        return now;
      }
      now = parts.runs().await(now.id(), now.state(), FOLLOW_MILLIS);
      lines.quiet(FOLLOW_MILLIS);
    }
  }

  private static boolean settled(Runs.JobView job, Set<String> done) {
    return job.logStream().isEmpty()
        || done.contains(job.logStream())
        || NOT_BEGUN.contains(job.state())
        || job.state().equals("skipped")
        || job.state().equals("cancelled");
  }

  private void copyStream(Runs.JobView job, boolean follow, String runId, JsonLines lines)
      throws InterruptedException {
    Logs logs = parts.logs();
    long offset = 0;
    while (true) {
      boolean ended = logs.ended(job.logStream()) || over(runId);
      List<Logs.Line> next =
          follow && !ended
              ? logs.follow(job.logStream(), offset, LINES_AT_ONCE, FOLLOW_MILLIS)
              : logs.read(job.logStream(), offset, LINES_AT_ONCE);
      for (Logs.Line line : next) {
        lines.send(
            Json.object()
                .put("job", job.name())
                .put("stream", job.logStream())
                .put("offset", line.offset())
                .put("at", line.at().toString())
                .put("text", line.text()));
        offset = line.offset() + 1;
      }
      if (next.isEmpty() && (ended || !follow)) {
        return;
      }
      lines.quiet(next.isEmpty() ? FOLLOW_MILLIS : 0);
    }
  }

  private boolean over(String runId) {
    return parts
        .runs()
        .run(runId)
        .map(r -> r.endedAt().isPresent() || r.state().equals("blocked"))
        .orElse(true);
  }

  /** A run by its id, or the latest run of a project. */
  Runs.Run run(String name) {
    return parts
        .runs()
        .run(name)
        .or(() -> parts.runs().latest(name))
        .orElseThrow(() ->
            EsteiraException.notFound("there is no run '" + name + "', nor a project with runs"));
  }

  ObjectNode node(Runs.Run run) {
    ObjectNode node = Json.mapper().valueToTree(run);
    node.put("url", parts.consoleUrl() + "/runs/" + run.id());
    return node;
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw EsteiraException.invalid("'" + text + "' is no number");
    }
  }

  /** What happened while it ran has no place in a file. */
  private static String place(Plan.Notice notice) {
    return notice.file().isEmpty() ? "" : notice.file() + ":" + notice.line() + ": ";
  }
}
