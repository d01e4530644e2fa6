package dev.esteira.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.access.Access;
import dev.esteira.base.Json;
import dev.esteira.pipeline.Environments;
import dev.esteira.pipeline.Runs;
import java.util.function.Function;

/** Projects, runs and jobs in the shapes and words of GitLab's REST API. */
record GitlabShapes(String consoleUrl, Function<String, String> projectNumber) {
  ObjectNode project(Access.Project project, String gitUrl) {
    String path = project.path();
    ObjectNode node = Json.object();
    node.put("id", number(path));
    node.put("name", path.substring(path.lastIndexOf('/') + 1));
    node.put("path", path.substring(path.lastIndexOf('/') + 1));
    node.put("path_with_namespace", path);
    node.put("default_branch", project.defaultBranch().orElse(null));
    node.put("http_url_to_repo", gitUrl + "/" + path + ".git");
    node.put("web_url", consoleUrl + "/");
    return node;
  }

  ObjectNode run(Runs.Run run) {
    ObjectNode node = Json.object();
    node.put("id", run.serial());
    node.put("iid", run.number());
    node.put("project_id", number(run.project()));
    node.put("status", status(run.state()));
    node.put("source", run.source());
    node.put("ref", run.ref().replaceFirst("^refs/(heads|tags)/", ""));
    node.put("sha", run.commit());
    node.put("tag", run.ref().startsWith("refs/tags/"));
    node.put("web_url", consoleUrl + "/runs/" + run.id());
    node.put("created_at", run.createdAt().toString());
    node.put("finished_at", run.endedAt().map(Object::toString).orElse(null));
    return node;
  }

  ObjectNode job(Runs.Run run, Runs.JobView job) {
    ObjectNode node = Json.object();
    node.put("id", job.number());
    node.put("name", job.name());
    node.put("stage", job.stage());
    node.put("status", status(job.state()));
    node.put("ref", run.ref().replaceFirst("^refs/(heads|tags)/", ""));
    node.put("allow_failure", job.warning());
    node.put("failure_reason", job.failure().orElse(null));
    node.put("web_url", consoleUrl + "/runs/" + run.id());
    node.set("pipeline", run(run));
    return node;
  }

  ArrayNode environments(Iterable<Environments.Environment> all) {
    ArrayNode nodes = Json.array();
    for (Environments.Environment each : all) {
      nodes
          .addObject()
          .put("name", each.name())
          .put("slug", each.slug())
          .put("state", each.state())
          .put("tier", each.tier())
          .put("external_url", each.url().orElse(null));
    }
    return nodes;
  }

  private long number(String path) {
    return Long.parseLong(projectNumber.apply(path));
  }

  /** A state as GitLab calls it. */
  static String status(String state) {
    return switch (state) {
      case "queued" -> "pending";
      case "blocked" -> "manual";
      case "delayed" -> "scheduled";
      case "succeeded" -> "success";
      case "cancelled" -> "canceled";
      case "system_failure" -> "failed";
      case "waiting" -> "created";
      default -> state;
    };
  }
}
