package dev.esteira.app;

import dev.esteira.access.Access;
import dev.esteira.git.Repositories;
import dev.esteira.pipeline.Dialect;
import dev.esteira.pipeline.DurableRuns;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the commits that are planned in the repositories of the projects. */
record CommitTrees(Repositories repositories, Access access) implements DurableRuns.Trees {
  @Override
  public Dialect.Tree of(String project, String commit) {
    return new CommitTree(repositories, access, project, commit);
  }

  @Override
  public Optional<String> commit(String project, String revision) {
    return repositories.resolve(project, revision);
  }

  @Override
  public boolean isTag(String name) {
    return Repositories.isTag(name);
  }

  @Override
  public void tag(
      String project, String name, String commit, Optional<String> message, String actor) {
    repositories.tag(project, name, commit, message, actor);
  }

  @Override
  public Optional<DurableRuns.Tip> tip(String project, Optional<String> branch) {
    Optional<String> wanted = access.project(project).flatMap(p -> branch.or(p::defaultBranch));
    return wanted.stream()
        .flatMap(name ->
            name.startsWith("refs/")
                ? Stream.of(name)
                : Stream.of("refs/heads/" + name, "refs/tags/" + name))
        .flatMap(ref ->
            repositories
                .resolve(project, ref)
                .map(commit -> new DurableRuns.Tip(ref, commit))
                .stream())
        .findFirst();
  }
}
