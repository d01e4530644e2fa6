package dev.esteira.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.http.Exchange;
import dev.esteira.pipeline.Runs;
import dev.esteira.runner.JobFiles;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** REST for what jobs leave behind: artifacts, and what their reports say. */
final class ArtifactApi {
  private final Console.Parts parts;
  private final RunApi runs;

  ArtifactApi(Console.Parts parts, RunApi runs) {
    this.parts = parts;
    this.runs = runs;
  }

  /** By job: of a run, or of one job by its id. */
  void list(Exchange exchange) throws IOException {
    ArrayNode all = Json.array();
    for (Named job : jobs(exchange)) {
      ObjectNode node = all.addObject().put("job", job.id()).put("name", job.name());
      ArrayNode artifacts = node.putArray("artifacts");
      parts.files().list(job.id()).forEach(kept -> artifacts.add(node(kept)));
      parts
          .files()
          .outcome(job.id())
          .ifPresent(outcome -> {
            outcome.tests().ifPresent(tests -> node.set("tests", Json.mapper().valueToTree(tests)));
            outcome.coverage().ifPresent(coverage -> node.put("coverage", coverage));
            node.set("variables", Json.mapper().valueToTree(outcome.variables()));
          });
    }
    exchange.json(200, all);
  }

  /** The bytes of one, as the zip that it is; without a name, the first archive. */
  void get(Exchange exchange) throws IOException {
    String wanted = exchange.query("name").orElse("");
    for (Named job : jobs(exchange)) {
      Optional<JobFiles.Kept> kept =
          parts.files().list(job.id()).stream()
              .filter(k -> wanted.isEmpty() ? isArchive(k) : k.name().equals(wanted))
              .findFirst();
      if (kept.isPresent()) {
        send(exchange, kept.get());
        return;
      }
    }
    throw EsteiraException.notFound(
        "there is no artifact" + (wanted.isEmpty() ? "" : " '" + wanted + "'") + " here");
  }

  private record Named(String id, String name) {}

  private List<Named> jobs(Exchange exchange) {
    Optional<String> job = exchange.query("job");
    Optional<String> run = exchange.query("run");
    if (run.isEmpty()) {
      String id = job.orElseThrow(() -> EsteiraException.invalid("'run' or 'job' is missing"));
      return List.of(new Named(id, id));
    }
    Runs.Run found = runs.run(run.get());
    List<Named> all =
        found.jobs().stream()
            .filter(j -> job.isEmpty() || j.name().equals(job.get()) || j.id().equals(job.get()))
            .map(j -> new Named(j.id(), j.name()))
            .toList();
    if (all.isEmpty()) {
      throw EsteiraException.notFound("run " + found.id() + " has no job '" + job.orElse("") + "'");
    }
    return all;
  }

  private static boolean isArchive(JobFiles.Kept kept) {
    return node(kept).path("kind").asText().equals("archive");
  }

  private static ObjectNode node(JobFiles.Kept kept) {
    ObjectNode node =
        Json.object()
            .put("name", kept.name())
            .put("kind", kept.kind().orElse("archive"))
            .put("files", kept.files())
            .put("bytes", kept.bytes())
            .put("digest", kept.digest());
    kept.expiresAt().ifPresent(at -> node.put("expiresAt", at.toString()));
    return node;
  }

  private void send(Exchange exchange, JobFiles.Kept kept) throws IOException {
    String file = kept.name().replaceAll("[^A-Za-z0-9._-]", "_") + ".zip";
    exchange
        .status(200)
        .set("Content-Type", "application/zip")
        .set("Content-Disposition", "attachment; filename=\"" + file + "\"");
    try (InputStream in = parts.files().open(kept)) {
      in.transferTo(exchange.out());
    }
    exchange.out().flush();
  }
}
