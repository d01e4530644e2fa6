package dev.esteira.app;

import dev.esteira.access.Access;
import dev.esteira.git.Repositories;
import dev.esteira.pipeline.Dialect;
import dev.esteira.pipeline.DurableRuns;
import java.util.Optional;

/** Finds the commits that are planned in the repositories of the projects. */
record CommitTrees(Repositories repositories, Access access) implements DurableRuns.Trees {
  @Override
  public Dialect.Tree of(String project, String commit) {
    return new CommitTree(repositories, access, project, commit);
  }

  @Override
  public Optional<DurableRuns.Tip> tip(String project, Optional<String> branch) {
    Optional<Access.Project> known = access.project(project);
    return known
        .flatMap(p -> branch.or(p::defaultBranch))
        .map(name -> "refs/heads/" + name)
        .flatMap(ref ->
            repositories.resolve(project, ref).map(commit -> new DurableRuns.Tip(ref, commit)));
  }
}
