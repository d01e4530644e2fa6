package dev.esteira.app;

import dev.esteira.access.Access;
import dev.esteira.base.EsteiraException;
import dev.esteira.git.Repositories;
import dev.esteira.pipeline.Runs;
import java.util.ArrayList;
import java.util.List;

/** A push to the default branch starts a run; what a person should know is told in the answer. */
final class PushStartsRun implements Repositories.PushListener {
  private static final String BRANCH = "refs/heads/";
  private static final String GONE = "0".repeat(40);
  private static final int NOTICES_SHOWN_MAX = 10;

  private final Access access;
  private final Runs runs;
  private final String consoleUrl;

  PushStartsRun(Access access, Runs runs, String consoleUrl) {
    this.access = access;
    this.runs = runs;
    this.consoleUrl = consoleUrl;
  }

  @Override
  public List<String> pushed(String project, List<Repositories.RefUpdate> updates, String actor) {
    List<String> said = new ArrayList<>();
    for (Repositories.RefUpdate update : updates) {
      if (update.ref().startsWith(BRANCH) && !update.newId().equals(GONE)) {
        branch(project, update, actor, said);
      }
    }
    return said;
  }

  private void branch(
      String project, Repositories.RefUpdate update, String actor, List<String> said) {
    String branch = update.ref().substring(BRANCH.length());
    String defaultBranch =
        access.project(project).flatMap(Access.Project::defaultBranch).orElse(branch);
    if (!branch.equals(defaultBranch)) {
      said.add(
          "esteira: no run for '"
              + branch
              + "': runs start from the default branch '"
              + defaultBranch
              + "'");
      return;
    }
    try {
      Runs.Run run = runs.start(new Runs.Request(project, update.newId(), update.ref(), actor));
      said.add("esteira: run " + run.number() + ": " + consoleUrl + "/runs/" + run.id());
      run.failure().ifPresent(f -> said.add("esteira: " + f));
      if (!run.waitingFor().isEmpty()) {
        said.add("esteira: " + run.waitingFor());
      }
      run.notices().stream()
          .limit(NOTICES_SHOWN_MAX)
          .forEach(
              n -> said.add("esteira: notice: " + n.file() + ":" + n.line() + ": " + n.text()));
      said.add("esteira: follow it: ./esteira logs -f " + run.id());
    } catch (EsteiraException e) {
      said.add("esteira: the push is kept, but no run started: " + e.text());
    }
  }
}
