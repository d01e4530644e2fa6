package dev.esteira.app;

import dev.esteira.access.Access;
import dev.esteira.base.EsteiraException;
import dev.esteira.git.Repositories;
import dev.esteira.pipeline.Runs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A push starts a run for each branch and tag that its delivery file is for; what a person should
 * know is told in the answer.
 */
final class PushStartsRun implements Repositories.PushListener {
  private static final String BRANCH = "refs/heads/";
  private static final String TAG = "refs/tags/";
  private static final String GONE = "0".repeat(40);
  private static final String SKIP_OPTION = "ci.skip";
  private static final String VARIABLE_OPTION = "ci.variable=";
  private static final int NOTICES_SHOWN_MAX = 10;
  private static final int RUNS_PER_PUSH_MAX = 4;

  private final Access access;
  private final Repositories repositories;
  private final Runs runs;
  private final String consoleUrl;

  PushStartsRun(Access access, Repositories repositories, Runs runs, String consoleUrl) {
    this.access = access;
    this.repositories = repositories;
    this.runs = runs;
    this.consoleUrl = consoleUrl;
  }

  @Override
  public List<String> pushed(String project, List<Repositories.RefUpdate> updates, String actor) {
    return pushed(project, updates, actor, List.of());
  }

  @Override
  public List<String> pushed(
      String project, List<Repositories.RefUpdate> updates, String actor, List<String> options) {
    updates.stream()
        .filter(u -> u.newId().equals(GONE))
        .forEach(u -> runs.environments().refDeleted(project, u.ref()));
    List<Repositories.RefUpdate> wanted =
        updates.stream()
            .filter(u -> u.ref().startsWith(BRANCH) || u.ref().startsWith(TAG))
            .filter(u -> !u.newId().equals(GONE))
            .toList();
    if (options.contains(SKIP_OPTION)) {
      return List.of("esteira: no run: the push has the option " + SKIP_OPTION);
    }
    List<String> said = new ArrayList<>();
    Map<String, String> variables = variables(options);
    for (Repositories.RefUpdate update : wanted.stream().limit(RUNS_PER_PUSH_MAX).toList()) {
      ref(project, update, actor, variables, said);
    }
    if (wanted.size() > RUNS_PER_PUSH_MAX) {
      said.add(
          "esteira: a push starts at most %d runs: none for the other %d refs"
              .formatted(RUNS_PER_PUSH_MAX, wanted.size() - RUNS_PER_PUSH_MAX));
    }
    return said;
  }

  private static Map<String, String> variables(List<String> options) {
    Map<String, String> variables = new HashMap<>();
    for (String option : options) {
      String pair =
          option.startsWith(VARIABLE_OPTION) ? option.substring(VARIABLE_OPTION.length()) : "";
      int equals = pair.indexOf('=');
      if (equals > 0) {
        variables.put(pair.substring(0, equals), pair.substring(equals + 1));
      }
    }
    return variables;
  }

  private void ref(
      String project,
      Repositories.RefUpdate update,
      String actor,
      Map<String, String> variables,
      List<String> said) {
    try {
      Optional<String> commit = repositories.resolve(project, update.newId());
      if (commit.isEmpty()) {
        return;
      }
      Runs.Request request =
          new Runs.Request(
              project,
              commit.get(),
              update.ref(),
              actor,
              "push",
              Optional.of(update.oldId()).filter(id -> !id.equals(GONE)),
              variables,
              Map.of());
      plan(request, said);
    } catch (EsteiraException e) {
      said.add("esteira: the push is kept, but no run started: " + e.text());
    }
  }

  private void plan(Runs.Request request, List<String> said) {
    Optional<String> defaultBranch =
        access.project(request.project()).flatMap(Access.Project::defaultBranch);
    boolean main =
        request.branch().isPresent() && request.branch().equals(defaultBranch.or(request::branch));
    Runs.Planned planned = runs.plan(request, !main);
    if (!planned.found() && request.project().contains("/")) {
      said.add("esteira: no run for " + request.ref() + ": " + planned.failure());
    } else if (!planned.found() && !main) {
      request
          .branch()
          .ifPresent(branch ->
              said.add(
                  "esteira: no run for '%s': runs start from the default branch '%s'"
                      .formatted(branch, defaultBranch.orElse(""))));
    } else if (planned.everyRef() && skips(request)) {
      said.add("esteira: no run for " + request.ref() + ": the commit's message asks for none");
    } else {
      tell(runs.start(request, planned), said);
    }
  }

  private boolean skips(Runs.Request request) {
    return new CommitTree(repositories, access, request.project(), request.commit())
        .commit()
        .asksForNoRun();
  }

  private void tell(Runs.Run run, List<String> said) {
    said.add("esteira: run " + run.number() + ": " + consoleUrl + "/runs/" + run.id());
    run.failure().ifPresent(f -> said.add("esteira: " + f));
    if (!run.waitingFor().isEmpty()) {
      said.add("esteira: " + run.waitingFor());
    }
    run.notices().stream()
        .limit(NOTICES_SHOWN_MAX)
        .forEach(n -> said.add("esteira: notice: " + n.file() + ":" + n.line() + ": " + n.text()));
    said.add("esteira: follow it: ./esteira logs -f " + run.id());
  }
}
