package dev.esteira.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Ids;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One job with the working tree as its sources. The tree becomes a commit that no branch has, is
 * pushed under a name of its own, runs like any commit, and its name is taken away again.
 */
final class LocalRun {
  private static final String PLACE = "refs/esteira/local/";
  private static final int NAME_CHARACTERS = 12;
  private static final String BRANCH = "refs/heads/";

  private final Context context;
  private final String project;
  private final String source;
  private final Map<String, String> variables;
  private final WorkingTree tree = new WorkingTree();

  LocalRun(Context context, String project, String source, Map<String, String> variables) {
    this.context = context;
    this.source = source;
    this.variables = Map.copyOf(variables);
    this.project = project.isEmpty() ? project() : project;
  }

  private String project() {
    return tree.remotes().stream()
        .flatMap(url -> named(url).stream())
        .filter(name -> exists(name))
        .findFirst()
        .orElseThrow(() ->
            EsteiraException.notFound(
                "no remote of this directory names a project here; name it: ./esteira run PROJECT"
                    + " --job NAME"));
  }

  private boolean exists(String name) {
    for (JsonNode known : context.house().get("/api/v1/projects")) {
      if (known.path("name").asText().equals(name)) {
        return true;
      }
    }
    return false;
  }

  /** The project that a remote's address names: after the host, without its own parts. */
  static Optional<String> named(String url) {
    String path = url.replaceFirst("^[a-z+]+://[^/]+/", "").replaceFirst("^[^/]*@[^:/]+:", "");
    String name =
        path.replaceFirst("^(git|v1/repos)/", "")
            .replaceFirst("/+$", "")
            .replaceFirst("\\.git$", "");
    return Optional.of(name).filter(n -> !n.isEmpty() && !n.startsWith("/"));
  }

  /** Returns 0 when the job succeeded. */
  int follow(String job, String ref) {
    HouseClient house = context.house();
    String commit = tree.commit();
    String place = PLACE + Ids.random(NAME_CHARACTERS);
    URI git = URI.create(Endpoints.require(context.home()).git());
    tree.push(git + "/" + project + ".git", house.token(), commit + ":" + place);
    try {
      Map<String, Object> body = new HashMap<>();
      body.put("project", project);
      body.put("commit", commit);
      body.put("ref", ref.isEmpty() ? tree.ref() : ref.startsWith("refs/") ? ref : BRANCH + ref);
      body.put("source", source);
      body.put("job", job);
      body.put("variables", variables);
      JsonNode run = house.post("/api/v1/runs", body);
      context.output().say("run " + run.path("id").asText() + ": " + run.path("url").asText());
      return RunCommands.Logs.follow(context, run.path("id").asText());
    } finally {
      tree.push(git + "/" + project + ".git", house.token(), ":" + place);
    }
  }
}
